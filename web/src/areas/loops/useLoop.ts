import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'
import type { Ref } from 'vue'
import { asError } from '@/api/client'
import { onFacts } from '@/api/live'
import { commandLoop, getLoop } from './server'
import type { LoopView, What } from './types'

/** A loop and the one way to change it. */
export function useLoop(id: Ref<string>) {
  const queries = useQueryClient()
  const key = computed(() => ['loops', 'one', id.value])
  const query = useQuery({ queryKey: key, queryFn: () => getLoop(id.value), meta: { live: false } })
  const busy = ref<string | null>(null)

  onScopeDispose(
    onFacts((facts) => {
      if (busy.value === null && facts.some((fact) => fact.stream.includes(id.value))) void query.refetch()
    }),
  )

  /** Sends a command; when it fails the error is thrown for the window that asked, with the loop read afresh. */
  async function send(command: What, happened?: string, idempotency?: string): Promise<LoopView> {
    const current = query.data.value
    if (!current) throw asError(new Error('not loaded'))
    busy.value = command.name
    try {
      const next = await commandLoop(id.value, current.version, command, happened, idempotency)
      queries.setQueryData(key.value, next)
      void queries.invalidateQueries({ queryKey: ['inbox'] })
      void queries.invalidateQueries({ queryKey: ['loops', 'counts'] })
      return next
    } catch (cause) {
      const error = asError(cause)
      if (error.is('stale')) await query.refetch()
      throw error
    } finally {
      busy.value = null
    }
  }

  return { loop: query.data, loading: query.isPending, error: query.error, refetch: query.refetch, busy, send }
}
