import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'
import type { Ref } from 'vue'
import { asError } from '@/api/client'
import type { ApiError } from '@/api/client'
import { onFacts } from '@/api/live'
import type { Action, Duty, DutyCommand } from '@/api/types'
import { commandDuty, getDuty } from './server'

/** The first action offered under one of these names; null when none is, and then no button is shown. */
export function offered(actions: readonly Action[], ...names: string[]): Action | null {
  return actions.find((action) => names.includes(action.name)) ?? null
}

/** A duty and the one way to change it. */
export function useDuty(id: Ref<string>) {
  const queries = useQueryClient()
  const key = computed(() => ['duties', 'one', id.value])
  const query = useQuery({ queryKey: key, queryFn: () => getDuty(id.value), meta: { live: false } })
  const busy = ref<string | null>(null)
  const failed = ref<ApiError | null>(null)

  onScopeDispose(
    onFacts((facts) => {
      if (busy.value === null && facts.some((fact) => fact.stream.includes(id.value))) void query.refetch()
    }),
  )

  /** Sends a command; when it fails the error is thrown for the window that asked, with the duty read afresh. */
  async function send(command: DutyCommand, idempotency?: string): Promise<Duty> {
    const current = query.data.value
    if (!current) throw asError(new Error('not loaded'))
    busy.value = command.name
    try {
      const next = await commandDuty(id.value, current.version, command, idempotency)
      queries.setQueryData(key.value, next)
      void queries.invalidateQueries({ queryKey: ['inbox'] })
      void queries.invalidateQueries({ queryKey: ['duties', 'lights'] })
      return next
    } catch (cause) {
      const error = asError(cause)
      if (error.is('stale')) await query.refetch()
      throw error
    } finally {
      busy.value = null
    }
  }

  /** For plain buttons: the error is shown on the page. */
  async function press(command: DutyCommand): Promise<boolean> {
    failed.value = null
    try {
      await send(command)
      return true
    } catch (cause) {
      failed.value = asError(cause)
      return false
    }
  }

  return { duty: query.data, loading: query.isPending, error: query.error, refetch: query.refetch, busy, failed, send, press }
}
