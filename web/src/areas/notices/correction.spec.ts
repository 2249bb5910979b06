import { describe, expect, it } from 'vitest'
import type { Demand } from '@/api/types'
import { corrected, formOf, missing, sureness } from './correction'

function demand(change: Partial<Demand> = {}): Demand {
  return {
    id: 'a06-2',
    article: 6,
    quote: '至少研究解决10项具体问题',
    span: [10, 23],
    actors: ['各有关单位'],
    action: '研究解决具体问题',
    deadline: null,
    recurrence: null,
    quantity: { at_least: 10, at_most: null, unit: '项', what: '具体问题' },
    each: null,
    on_event: null,
    confidence: 0.7,
    measure: 'quota',
    sources: [{ field: 'quantity', span: [10, 18], words: '至少研究解决10项' }],
    ...change,
  }
}

describe('correcting a demand', () => {
  it('changes nothing when nothing was changed', () => {
    const read = demand()
    expect(corrected(read, formOf(read))).toEqual(read)
    const often = demand({ recurrence: { every: 'half-year', at_least: 1 }, quantity: null, measure: 'times' })
    expect(corrected(often, formOf(often))).toEqual(often)
  })

  it('writes what was changed and keeps words and place', () => {
    const read = demand()
    const form = { ...formOf(read), deadline: '2026-06-30', measure: 'by-date' as const, atLeast: null, actors: [' 区应急局 ', ''] }
    const after = corrected(read, form)
    expect(after.deadline).toBe('2026-06-30')
    expect(after.quantity).toBeNull()
    expect(after.actors).toEqual(['区应急局'])
    expect(after.span).toEqual(read.span)
    expect(after.sources).toEqual(read.sources)
  })

  it('names the field that is missing for the measure', () => {
    const form = formOf(demand())
    expect(missing(form)).toEqual({})
    expect(missing({ ...form, measure: 'by-date' })).toEqual({ deadline: 'deadlineMissing' })
    expect(missing({ ...form, measure: 'times' })).toEqual({ every: 'everyMissing' })
    expect(missing({ ...form, action: ' ' })).toEqual({ action: 'actionMissing' })
    expect(missing({ ...form, atMost: 3 })).toEqual({ atMost: 'rangeWrong' })
    expect(missing({ ...form, unit: '' })).toEqual({ unit: 'unitMissing' })
  })

  it('calls low what a person should look at', () => {
    expect([0.95, 0.8, 0.7, 0.59].map(sureness)).toEqual(['high', 'high', 'middle', 'low'])
  })
})
