import type { Demand, MeasureKind, Recurrence } from '@/api/types'

/** The period of a recurrence. */
export type Every = Recurrence['every']

/** A demand as a form holds it: every field flat, empty for absent. */
export interface DemandForm {
  action: string
  measure: MeasureKind
  deadline: string | null
  every: Every | null
  timesAtLeast: number | null
  timesAtMost: number | null
  atLeast: number | null
  atMost: number | null
  unit: string
  what: string
  each: string
  onEvent: string
  actors: string[]
}

/** Periods from short to long. */
export const EVERY: Every[] = ['day', 'week', 'ten-days', 'month', 'quarter', 'half-year', 'year']

/** Measures in the order people meet them. */
export const MEASURES: MeasureKind[] = [
  'by-date',
  'times',
  'quota',
  'coverage',
  'on-event',
  'continuous',
  'prohibition',
]

/** The form of a demand as the compiler read it. */
export function formOf(demand: Demand): DemandForm {
  return {
    action: demand.action,
    measure: demand.measure,
    deadline: demand.deadline ?? null,
    every: demand.recurrence?.every ?? null,
    timesAtLeast: demand.recurrence?.at_least ?? null,
    timesAtMost: demand.recurrence?.at_most ?? null,
    atLeast: demand.quantity?.at_least ?? null,
    atMost: demand.quantity?.at_most ?? null,
    unit: demand.quantity?.unit ?? '',
    what: demand.quantity?.what ?? '',
    each: demand.each ?? '',
    onEvent: demand.on_event ?? '',
    actors: [...demand.actors],
  }
}

/** The whole demand with the form's values; quotation, place and sources stay as read. */
export function corrected(demand: Demand, form: DemandForm): Demand {
  const quantified = form.atLeast !== null || form.atMost !== null
  return {
    ...demand,
    action: form.action.trim(),
    measure: form.measure,
    deadline: form.deadline,
    recurrence:
      form.every === null
        ? null
        : {
            every: form.every,
            ...(form.timesAtLeast === null ? {} : { at_least: form.timesAtLeast }),
            ...(form.timesAtMost === null ? {} : { at_most: form.timesAtMost }),
          },
    quantity: quantified
      ? { at_least: form.atLeast, at_most: form.atMost, unit: form.unit.trim(), what: form.what.trim() || null }
      : null,
    each: form.each.trim() || null,
    on_event: form.onEvent.trim() || null,
    actors: form.actors.map((name) => name.trim()).filter((name) => name !== ''),
  }
}

/** Which field keeps the form from being saved, by the key of the sentence that says so. */
export function missing(form: DemandForm): Partial<Record<keyof DemandForm, string>> {
  const out: Partial<Record<keyof DemandForm, string>> = {}
  if (form.action.trim() === '') out.action = 'actionMissing'
  if (form.measure === 'by-date' && form.deadline === null) out.deadline = 'deadlineMissing'
  if (form.measure === 'times' && form.every === null) out.every = 'everyMissing'
  if (form.measure === 'quota' && form.atLeast === null && form.atMost === null) out.atLeast = 'quantityMissing'
  if (form.measure === 'on-event' && form.onEvent.trim() === '') out.onEvent = 'eventMissing'
  if (form.timesAtLeast !== null && form.timesAtMost !== null && form.timesAtLeast > form.timesAtMost) {
    out.timesAtMost = 'rangeWrong'
  }
  if (form.atLeast !== null && form.atMost !== null && form.atLeast > form.atMost) out.atMost = 'rangeWrong'
  if ((form.atLeast !== null || form.atMost !== null) && form.unit.trim() === '') out.unit = 'unitMissing'
  return out
}

/** How sure the compiler was, in three steps; below `low` a person should look. */
export function sureness(confidence: number): 'high' | 'middle' | 'low' {
  if (confidence >= 0.8) return 'high'
  return confidence >= 0.6 ? 'middle' : 'low'
}
