import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'

export const nav: Nav = { area: 'loops', label: 'nav.loops', icon: 'loops', to: '/loops', order: 35, key: 'o' }
export const routes: RouteRecordRaw[] = [
  { path: 'loops', name: 'loops', component: () => import('./views/LoopList.vue') },
  { path: 'loops/new', name: 'loop-new', component: () => import('./views/LoopNew.vue') },
  { path: 'loops/zero', name: 'loops-zero', component: () => import('./views/LoopBoard.vue'), props: { zero: true } },
  { path: 'loops/stats', name: 'loops-stats', component: () => import('./views/LoopBoard.vue') },
  { path: 'loops/:id', name: 'loop', component: () => import('./views/LoopDetail.vue') },
  { path: 'loops/:id/trace', name: 'loop-trace', component: () => import('./views/LoopTrace.vue') },
]
