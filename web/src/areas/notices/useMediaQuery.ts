import { onScopeDispose, ref } from 'vue'
import type { Ref } from 'vue'

/** Whether the screen is as the query says, followed while the page is open. */
export function useMediaQuery(query: string): Ref<boolean> {
  const list = window.matchMedia(query)
  const is = ref(list.matches)
  const follow = (event: MediaQueryListEvent) => (is.value = event.matches)
  list.addEventListener('change', follow)
  onScopeDispose(() => list.removeEventListener('change', follow))
  return is
}
