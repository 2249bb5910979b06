// State worth a link is in the URL.
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

/** One query parameter as a ref; empty means absent. Changing it replaces the entry in the history. */
export function useUrl(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => { const raw = route.query[name]; return (Array.isArray(raw) ? raw[0] : raw) ?? '' },
    set: (value) => { void router.replace({ query: { ...route.query, [name]: value || undefined } }) },
  })
}

/** Several parameters at once, as a plain record of those present. */
export function useUrlState<K extends string>(names: readonly K[]): { values: WritableComputedRef<Record<K, string>>; set: (part: Partial<Record<K, string>>) => void } {
  const route = useRoute()
  const router = useRouter()
  const set = (part: Partial<Record<K, string>>): void => {
    const query: LocationQueryRaw = { ...route.query }
    for (const [name, value] of Object.entries(part)) query[name] = (value as string) || undefined
    void router.replace({ query })
  }
  const values = computed({
    get: () => Object.fromEntries(names.map((name) => { const raw = route.query[name]; return [name, (Array.isArray(raw) ? raw[0] : raw) ?? ''] })) as Record<K, string>,
    set,
  })
  return { values, set }
}
