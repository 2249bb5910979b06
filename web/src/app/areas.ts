// Areas announce themselves: areas/<area>/routes.ts exports `routes` and, when it has a place in the
// rail, `nav`. Nobody edits a central list.
import type { RouteRecordRaw } from 'vue-router'
import type { Ref } from 'vue'
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
  /** How many wait there, if the area counts itself. */
  count?: Readonly<Ref<number>>
}
export interface AreaModule {
  routes: RouteRecordRaw[]
  nav?: Nav | Nav[]
  /** Pages below /public, without the shell and without sign-in. */
  open?: RouteRecordRaw[]
  /** What runs behind all pages while somebody is signed in; fetched after the page stands. */
  background?: () => Promise<{ start: () => void }>
}

const found = import.meta.glob<AreaModule>('../areas/*/routes.ts', { eager: true })

export const areaRoutes: RouteRecordRaw[] = Object.values(found).flatMap((area) => area.routes)
export const openRoutes: RouteRecordRaw[] = Object.values(found).flatMap((area) => area.open ?? [])
export const backgrounds = Object.values(found).flatMap((area) => area.background ?? [])
export const navs: Nav[] = Object.values(found).flatMap((area) => area.nav ?? []).sort((a, b) => a.order - b.order)
