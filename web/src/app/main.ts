import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import '@/ui/base.css'
import { ApiError, whenSignedOut } from '@/api/client'
import { forget, loadMeta } from '@/api/session'
import App from './App.vue'
import { i18n, setLocale, storedLocale } from './i18n'
import { router } from './router'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The live stream says when something changed; until then what is known is shown at once.
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: false,
    },
  },
})

whenSignedOut(() => {
  forget()
  queries.clear()
  const here = router.currentRoute.value
  if (here.name !== 'sign-in') void router.push({ name: 'sign-in', query: { to: here.fullPath, ended: '1' } })
})

const app = createApp(App)
app.use(i18n).use(VueQueryPlugin, { queryClient: queries }).use(router)
void loadMeta().catch(() => { /* the sign-in page asks again and shows the error */ })
void setLocale(storedLocale()).then(() => app.mount('#app'))
