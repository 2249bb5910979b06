import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'

export const nav: Nav = { area: 'cockpit', label: 'nav.cockpit', icon: 'cockpit', to: '/cockpit', order: 10, key: 'c' }
export const routes: RouteRecordRaw[] = [{ path: 'cockpit', component: () => import('./views/Cockpit.vue') }]
