import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'

export const nav: Nav = { area: 'duties', label: 'nav.duties', icon: 'duties', to: '/duties', order: 30, key: 'd' }
export const routes: RouteRecordRaw[] = [
  { path: 'duties', name: 'duties', component: () => import('./views/DutyList.vue') },
  { path: 'duties/:id', name: 'duty', component: () => import('./views/DutyDetail.vue') },
]
