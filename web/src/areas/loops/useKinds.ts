import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Ref } from 'vue'
import { loopKinds, rulebook } from './server'
import type { LoopKind } from './types'

/** The kinds of loops the reader may see or open. They change with the program only. */
export function useKinds() {
  const query = useQuery({ queryKey: ['loops', 'kinds'], queryFn: loopKinds, staleTime: Infinity, meta: { live: false } })
  const kinds = computed<LoopKind[]>(() => query.data.value ?? [])
  const of = (code: string | null | undefined): LoopKind | null => kinds.value.find((kind) => kind.code === code) ?? null
  return { kinds, of, error: query.error, loading: query.isPending, refetch: query.refetch }
}

/** Trades by their code, for those who look at lists. */
export function useSectors(wanted: Ref<boolean>) {
  const query = useQuery({ queryKey: ['loops', 'sectors'], queryFn: rulebook, enabled: wanted, staleTime: Infinity, meta: { live: false } })
  return computed(() => query.data.value?.sectors ?? [])
}
