import { onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'
import { present } from './server'

/** Milliseconds between two words that a page is open. The server counts one as open for 40 seconds. */
const EVERY = 15_000

/** Who else is at a loop just now. A page in the background is not at it. */
export function usePresence(id: Ref<string>): Ref<string[]> {
  const people = ref<string[]>([])
  let timer: number | undefined
  let gone = false

  async function tell(): Promise<void> {
    const at = id.value
    if (document.visibilityState === 'visible') {
      try {
        const others = await present(at)
        if (at === id.value) people.value = others
      } catch {
        // Who else is here is a courtesy; the page works without it.
        people.value = []
      }
    }
    if (!gone) timer = window.setTimeout(() => { void tell() }, EVERY)
  }
  watch(id, () => {
    people.value = []
    window.clearTimeout(timer)
    void tell()
  }, { immediate: true })
  onScopeDispose(() => { gone = true; window.clearTimeout(timer) })
  return people
}
