// Areas announce themselves: areas/<area>/routes.ts exports `routes` and, when it has a place in the
// rail, `nav`. Nobody edits a central list.
import type { RouteRecordRaw } from 'vue-router'
import type { IconName } from '@/ui/Icon.vue'

export interface Nav {
  /** The area's name in `me.areas`, or null when everyone sees it. */
  area: string | null
  /** Word key of its label. */
  label: string
  icon: IconName
  to: string
  /** Place in the rail; lower is higher. */
  order: number
  /** The letter after `g`. */
  key: string
}
export interface AreaModule { routes: RouteRecordRaw[]; nav?: Nav | Nav[] }

const found = import.meta.glob<AreaModule>('../areas/*/routes.ts', { eager: true })

export const areaRoutes: RouteRecordRaw[] = Object.values(found).flatMap((area) => area.routes)
export const navs: Nav[] = Object.values(found).flatMap((area) => area.nav ?? []).sort((a, b) => a.order - b.order)
