import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'
import { firstTab } from './tabs'

export const nav: Nav = { area: 'admin', label: 'nav.admin', icon: 'admin', to: '/admin', order: 70, key: 'a' }
export const routes: RouteRecordRaw[] = [
  {
    path: 'admin',
    component: () => import('./views/Admin.vue'),
    children: [
      { path: '', redirect: () => firstTab() },
      { path: 'orgs', component: () => import('./views/Orgs.vue') },
      { path: 'people', component: () => import('./views/People.vue') },
      { path: 'authority', component: () => import('./views/AuthorityTable.vue') },
      { path: 'things', component: () => import('./views/Things.vue') },
      { path: 'tokens', component: () => import('./views/Tokens.vue') },
      { path: 'rulebook', component: () => import('./views/RulebookPage.vue') },
      { path: 'audit', component: () => import('./views/Audit.vue') },
    ],
  },
]
