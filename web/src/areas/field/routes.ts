import type { RouteRecordRaw } from 'vue-router'
import type { Nav } from '@/app/areas'
import { waiting } from './count'

export const nav: Nav = { area: 'loops', label: 'nav.field', icon: 'camera', to: '/field', order: 25, key: 'f', count: waiting }
export const routes: RouteRecordRaw[] = [
  { path: 'field', name: 'field', component: () => import('./views/Today.vue') },
  {
    path: 'field/new', name: 'field-new', component: () => import('./views/NewRecord.vue'),
    props: (to) => ({ kind: to.query.kind === 'accident' ? 'accident' : 'hazard', id: typeof to.query.id === 'string' ? to.query.id : null }),
  },
]
export const background = (): Promise<{ start: () => void }> => import('./background')
