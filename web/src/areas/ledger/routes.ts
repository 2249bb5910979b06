import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'

export const nav: Nav = { area: 'ledger', label: 'nav.ledger', icon: 'ledger', to: '/ledger', order: 60, key: 'l' }
export const routes: RouteRecordRaw[] = [{ path: 'ledger', component: () => import('./views/Ledger.vue') }]
