import type { Nav } from '@/app/areas'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'notices', name: 'notices', component: () => import('./views/NoticeList.vue') },
  { path: 'notices/:id', name: 'notice', component: () => import('./views/NoticeReader.vue') },
  { path: 'notices/:id/plan', name: 'notice-plan', component: () => import('./views/NoticePlan.vue') },
]

export const nav: Nav = { area: 'notices', label: 'nav.notices', icon: 'notice', to: '/notices', order: 40, key: 'n' }
