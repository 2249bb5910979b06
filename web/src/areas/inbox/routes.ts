import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'

export const nav: Nav = { area: 'inbox', label: 'nav.inbox', icon: 'inbox', to: '/inbox', order: 20, key: 'i' }
export const routes: RouteRecordRaw[] = [{ path: 'inbox', component: () => import('./views/Inbox.vue') }]
