import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'

export const nav: Nav = { area: 'papers', label: 'nav.papers', icon: 'mail', to: '/papers', order: 50, key: 'p' }
export const routes: RouteRecordRaw[] = [
  { path: 'papers', redirect: '/papers/bulletin' },
  { path: 'papers/bulletin', component: () => import('./views/Bulletin.vue') },
  { path: 'papers/letters', component: () => import('./views/Letters.vue') },
]
