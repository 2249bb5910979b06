import { createRouter, createWebHistory } from 'vue-router'
import { me, restore } from '@/api/session'
import { areaRoutes, navs, openRoutes } from './areas'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./views/SignIn.vue'), meta: { open: true } },
    { path: '/public', component: () => import('./views/OpenLayout.vue'), meta: { open: true }, redirect: { name: 'public-report' }, children: openRoutes },
    {
      path: '/',
      component: () => import('./views/Layout.vue'),
      children: [
        { path: '', name: 'home', component: () => import('./views/Missing.vue') },
        { path: 'me', name: 'me', component: () => import('./views/Account.vue') },
        ...areaRoutes,
        { path: ':rest(.*)*', name: 'missing', component: () => import('./views/Missing.vue') },
      ],
    },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

/** The page made for the person's hour: a leader sees the district, everyone else what to do. */
export function home(): string {
  const areas = me.value?.areas ?? []
  const leads = me.value?.positions.some((position) => position.role === 'leader')
  if (leads && areas.includes('cockpit')) return '/cockpit'
  // Whoever walks the ground has a phone in his hand.
  const walks = me.value?.positions.some((position) => ['grid', 'village', 'safety'].includes(position.role))
  if (walks && areas.includes('loops') && window.matchMedia('(max-width: 720px)').matches) return '/field'
  if (areas.includes('inbox')) return '/inbox'
  return navs.find((nav) => nav.area === null || areas.includes(nav.area))?.to ?? '/me'
}

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  let person
  try {
    person = await restore()
  } catch {
    // No connection: the sign-in page says so and keeps the way back.
    person = null
  }
  if (!person) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  if (person.must_change_password && to.name !== 'sign-in') return { name: 'sign-in', query: { to: to.fullPath } }
  // Who the person is decides; a redirect of the route would be asked before that is known.
  if (to.name === 'home') return { path: home(), replace: true }
  return true
})

// A page whose script has been replaced by a newer build: load the new one once.
router.onError((error, to) => {
  if (/dynamically imported module|Importing a module/i.test(String(error)) && sessionStorage.getItem('anlan:reloaded') !== to.fullPath) {
    sessionStorage.setItem('anlan:reloaded', to.fullPath)
    location.assign(to.fullPath)
  }
})
