import type { FormField, FormValues } from '@/ui/form/types'
import type { LoopAction, LoopView } from './types'

export interface Sorted { usual: LoopAction[]; aside: LoopAction[]; refused: LoopAction[]; later: LoopAction[] }

/** Refusals that say only that the hour is not right: such moves are of another state, and stand folded. */
const ANOTHER_HOUR = new Set(['not-now', 'ended', 'voided', 'not-by-hand'])

/** What may be done now, what may be done but is unusual, what cannot be done though it belongs here, and what belongs to another hour. */
export function sortActions(actions: readonly LoopAction[]): Sorted {
  const out: Sorted = { usual: [], aside: [], refused: [], later: [] }
  for (const action of actions) {
    if (action.allowed) out[action.aside ? 'aside' : 'usual'].push(action)
    else if (!action.refusal || ANOTHER_HOUR.has(action.refusal.code) || action.aside) out.later.push(action)
    else out.refused.push(action)
  }
  return out
}

/** Fields that carry on what is already known: figures that are corrected, a plan that is filled in further. */
const CARRIED: ReadonlySet<FormField['kind']> = new Set(['number', 'place'])
const CARRIED_WHOLE = new Set(['plan', 'figures', 'final', 'amend'])
const NEVER: ReadonlySet<FormField['kind']> = new Set(['files', 'photos', 'criterion'])

/** What a form begins with. */
export function begin(action: LoopAction, loop: Pick<LoopView, 'values'>): FormValues {
  const known = new Map(loop.values.map((value) => [value.code, value.raw]))
  const out: FormValues = {}
  for (const field of action.fields) {
    const raw = known.get(field.code)
    if (raw === undefined || raw === null || NEVER.has(field.kind) || field.code === 'note' || field.code === 'reason') continue
    if (CARRIED.has(field.kind) || CARRIED_WHOLE.has(action.code)) out[field.code] = raw as FormValues[string]
  }
  return out
}

/** The move that leads on from here: to another state, and not one that was already made since this one was reached. */
export function leading(loop: Pick<LoopView, 'actions' | 'state' | 'story'>): string | null {
  const story = [...loop.story].sort((a, b) => a.seq - b.seq)
  const since = story.slice(Math.max(0, story.findLastIndex((told) => told.to && told.from !== told.to)))
  const made = new Set(since.map((told) => told.move))
  return loop.actions.find((one) => one.allowed && !one.aside && !one.grave && !made.has(one.code) && one.to.some((to) => to !== loop.state))?.code ?? null
}
