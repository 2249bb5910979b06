import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = []
export const open: RouteRecordRaw[] = [
  { path: 'report', name: 'public-report', component: () => import('./views/Report.vue') },
  { path: 'follow', name: 'public-follow', component: () => import('./views/Follow.vue') },
  { path: 'exposures', name: 'public-exposures', component: () => import('./views/Exposures.vue') },
]
