// Nothing typed is ever lost: what a form holds is kept on this machine until it has been sent.
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const PREFIX = 'anlan:draft:'

/** A ref kept under `key`. `clear()` forgets it and puts the beginning back; `restored` tells that an old draft was found. */
export function useDraft<T>(key: string, begin: () => T): { value: Ref<T>; clear: () => void; restored: Ref<boolean> } {
  const place = PREFIX + key
  const value = ref(begin()) as Ref<T>
  const restored = ref(false)
  let timer: number | undefined
  let fresh = false

  const kept = read<T>(place)
  if (kept !== null) {
    value.value = kept
    restored.value = true
  }

  const store = (): void => {
    window.clearTimeout(timer)
    timer = undefined
    try {
      localStorage.setItem(place, JSON.stringify(value.value))
    } catch {
      // Storage full or forbidden: the page still works, only without the net below it.
    }
  }
  watch(value, () => {
    if (fresh) { fresh = false; return }
    window.clearTimeout(timer)
    timer = window.setTimeout(store, 300)
  }, { deep: true })
  // Neither leaving the page nor closing the tab in the middle of a word may lose it.
  const flush = (): void => { if (timer !== undefined) store() }
  window.addEventListener('pagehide', flush)
  onScopeDispose(() => { flush(); window.removeEventListener('pagehide', flush) })

  const clear = (): void => {
    window.clearTimeout(timer)
    timer = undefined
    fresh = true
    value.value = begin()
    restored.value = false
    localStorage.removeItem(place)
  }
  return { value, clear, restored }
}

function read<T>(place: string): T | null {
  try {
    const text = localStorage.getItem(place)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}
