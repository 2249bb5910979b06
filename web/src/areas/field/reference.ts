// What the server last said, kept in the vault, so that pages of the field open with it and ask again behind.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { asError, get, type ApiError } from '@/api/client'
import { onFacts } from '@/api/live'
import type { Inbox } from '@/api/types'
import type { FormField } from '@/ui/form/types'
import { online, ready, theVault } from './outbox'
import type { Unit } from './types'

/** How long a list that seldom changes is taken as new, in milliseconds. */
const HALF_A_DAY = 12 * 3_600_000
/** Units kept on the device; a larger district's are searched on the server. */
const UNITS_MAX = 5_000

export interface Kind { code: string; may_open: boolean; open: { fields: FormField[]; refusal?: { zh: string; en: string } | null } }

const sources = {
  kinds: async (): Promise<Kind[]> => {
    const kinds = (await get('/loops/kinds')) as unknown as Kind[]
    return kinds.filter((kind) => kind.code === 'hazard' || kind.code === 'accident').map(({ code, may_open, open }) => ({ code, may_open, open: { fields: open.fields, refusal: open.refusal } }))
  },
  units: async (): Promise<Unit[]> => {
    const all: Unit[] = []
    let cursor: string | null | undefined
    do {
      const page: Awaited<ReturnType<typeof unitPage>> = await unitPage(cursor)
      for (const org of page.items) if (!org.closed) all.push({ id: org.id, name: org.name, short: org.short, kind: org.kind, place: org.place ?? null })
      cursor = page.next
    } while (cursor && all.length < UNITS_MAX)
    return all
  },
  inbox: (): Promise<Inbox> => get('/inbox'),
}
const unitPage = (cursor: string | null | undefined) => get('/orgs', { limit: 1_000, cursor })
type Sources = typeof sources
export type Known = { [N in keyof Sources]: Awaited<ReturnType<Sources[N]>> }

async function fetchKnown<N extends keyof Known>(name: N): Promise<Known[N]> {
  const vault = await theVault()
  const value = (await sources[name]()) as Known[N]
  await vault.know(name, value)
  return value
}

/** Fetches what a record needs while there is a network. */
export async function keepReady(): Promise<void> {
  for (const name of ['kinds', 'units', 'inbox'] as const) {
    try {
      const kept = await (await theVault()).known(name)
      if (!kept || Date.now() - kept.at > HALF_A_DAY) await fetchKnown(name)
    } catch {
      // No network; the next start asks again.
      return
    }
  }
}

/** What is known under a name: at once what the device keeps, then what the server says. */
export function useKnown<N extends keyof Known>(name: N, old = 0): { value: ShallowRef<Known[N] | null>; at: Ref<number | null>; error: ShallowRef<ApiError | null>; ask: () => Promise<void> } {
  const value = shallowRef(null) as ShallowRef<Known[N] | null>
  const at = ref<number | null>(null)
  const error = shallowRef<ApiError | null>(null)
  async function ask(): Promise<void> {
    try {
      value.value = await fetchKnown(name)
      at.value = Date.now()
      error.value = null
    } catch (cause) {
      error.value = asError(cause)
    }
  }
  watch(ready, async (is) => {
    if (!is) return
    const kept = await (await theVault()).known<Known[N]>(name).catch(() => null)
    if (kept && !value.value) { value.value = kept.value; at.value = kept.at }
    if (!kept || Date.now() - kept.at > old) await ask()
  }, { immediate: true })
  watch(online, (is) => { if (is && ready.value) void ask() })
  if (old === 0) {
    let timer: number | undefined
    onScopeDispose(onFacts(() => {
      window.clearTimeout(timer)
      timer = window.setTimeout(() => void ask(), 1_000)
    }))
  }
  return { value, at, error, ask }
}
