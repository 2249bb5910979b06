import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'
import type { Ref } from 'vue'
import { asError } from '@/api/client'
import type { ApiError } from '@/api/client'
import { onFacts } from '@/api/live'
import type { Demand, Edit, Notice, Owners } from '@/api/types'
import { Characters } from './highlight'
import { marksOf } from './marks'
import { editNotice, getNotice, permission } from './server'

/** A notice, its coloured text, and the one way to change it. */
export function useNotice(id: Ref<string>) {
  const queries = useQueryClient()
  const busy = ref(false)
  const editError = ref<ApiError | null>(null)

  const query = useQuery({
    queryKey: computed(() => ['notices', 'one', id.value]),
    queryFn: () => getNotice(id.value),
    // The text is long; it is asked for again only when a fact names this notice.
    meta: { live: false },
  })

  const notice = computed<Notice | undefined>(() => query.data.value)
  const text = computed(() => notice.value?.text ?? '')
  const characters = computed(() => new Characters(text.value))
  const marks = computed(() =>
    notice.value ? marksOf(notice.value.compiled, characters.value, notice.value.rejected) : [],
  )
  const mayEdit = computed(() => permission(notice.value?.actions ?? [], 'edit', 'compile-notice', 'edit-notice'))
  const mayPublish = computed(() => permission(notice.value?.actions ?? [], 'publish', 'publish-notice'))
  const mayWithdraw = computed(() => permission(notice.value?.actions ?? [], 'withdraw', 'withdraw-notice'))

  onScopeDispose(
    onFacts((facts) => {
      if (!busy.value && facts.some((fact) => fact.stream.includes(id.value))) void query.refetch()
    }),
  )

  /** Sends one change. True when it was taken; otherwise `editError` says why and the notice is fresh. */
  async function edit(change: Edit): Promise<boolean> {
    const current = notice.value
    if (!current || busy.value) return false
    busy.value = true
    editError.value = null
    try {
      queries.setQueryData(['notices', 'one', id.value], await editNotice(id.value, current.version, change))
      return true
    } catch (cause) {
      editError.value = asError(cause)
      if (editError.value.is('stale')) await query.refetch()
      return false
    } finally {
      busy.value = false
    }
  }

  function take(next: Notice) {
    queries.setQueryData(['notices', 'one', id.value], next)
    void queries.invalidateQueries({ queryKey: ['notices', 'list'] })
  }

  return {
    notice,
    characters,
    marks,
    loading: query.isPending,
    error: computed(() => (query.error.value ? asError(query.error.value) : null)),
    refetch: query.refetch,
    mayEdit,
    mayPublish,
    mayWithdraw,
    busy,
    edit,
    editError,
    take,
  }
}

/** Which cards the reader shows. */
export type CardFilter = 'all' | 'low' | 'unresolved' | 'rejected'

/** Whether a demand belongs under a filter. */
export function matches(filter: CardFilter, demand: Demand, notice: Notice): boolean {
  const rejected = demand.id in notice.rejected
  switch (filter) {
    case 'all':
      return true
    case 'rejected':
      return rejected
    case 'low':
      return !rejected && demand.confidence < 0.8
    case 'unresolved': {
      const owners: Owners | undefined = notice.owners[demand.id]
      return !rejected && (!owners || owners.unresolved.length > 0 || (owners.orgs.length === 0 && !owners.each))
    }
  }
}

/** Demands in the order to look at them: as they stand, or the least sure first. */
export function ordered(demands: Demand[], filter: CardFilter): Demand[] {
  return filter === 'low' ? [...demands].sort((a, b) => a.confidence - b.confidence) : demands
}
