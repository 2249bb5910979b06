import { describe, expect, it } from 'vitest'
import { left, urgency } from '@/ui/time'
import { clockState, daysLeft, doubtful, lightNow, minutesWord, nextClock, sortedClocks } from './clocks'
import type { ClockView } from './types'

const NOW = Date.parse('2026-03-05T12:00:00+08:00')
function clock(code: string, due: string, more: Partial<ClockView> = {}): ClockView {
  return { code, zh: code, en: code, party: 'owner', set: '2026-03-01T00:00:00+08:00', due, rule: '', certain: true, met: null, late: false, fell: false, stopped: false, step_zh: '', step_en: '', ...more }
}

describe('how a clock stands', () => {
  it('met, met late, stopped, running, past', () => {
    expect(clockState(clock('a', '2026-03-06T00:00:00+08:00'), NOW)).toBe('running')
    expect(clockState(clock('a', '2026-03-05T11:59:00+08:00'), NOW)).toBe('overdue')
    expect(clockState(clock('a', '2026-03-06T00:00:00+08:00', { fell: true }), NOW)).toBe('overdue')
    expect(clockState(clock('a', '2026-03-05T11:00:00+08:00', { met: '2026-03-05T10:00:00+08:00' }), NOW)).toBe('met')
    expect(clockState(clock('a', '2026-03-05T09:00:00+08:00', { met: '2026-03-05T10:00:00+08:00', late: true }), NOW)).toBe('met-late')
    expect(clockState(clock('a', '2026-03-05T09:00:00+08:00', { stopped: true }), NOW)).toBe('stopped')
  })
  it('the next is the nearest that still asks, and one that is past comes before all', () => {
    const clocks = [
      clock('stopped', '2026-03-01T00:00:00+08:00', { stopped: true }), clock('far', '2026-04-01T00:00:00+08:00'),
      clock('near', '2026-03-05T13:00:00+08:00'), clock('met', '2026-03-05T09:00:00+08:00', { met: '2026-03-05T08:00:00+08:00' }),
    ]
    expect(nextClock(clocks, NOW)!.code).toBe('near')
    expect(nextClock([...clocks, clock('past', '2026-03-04T00:00:00+08:00')], NOW)!.code).toBe('past')
    expect(nextClock(clocks.filter((one) => one.met || one.stopped), NOW)).toBeNull()
    expect(sortedClocks(clocks, NOW).map((one) => one.code)).toEqual(['near', 'far', 'met', 'stopped'])
  })
})

it('a deadline that passes while the page is open is past at once', () => {
  expect(lightNow({ light: 'due-soon', due: '2026-03-05T11:59:59+08:00' }, NOW)).toBe('overdue')
  expect(lightNow({ light: 'due-soon', due: '2026-03-05T12:00:01+08:00' }, NOW)).toBe('due-soon')
  expect(lightNow({ light: 'closed', due: '2026-03-05T11:00:00+08:00' }, NOW)).toBe('closed')
})

it('counts days left downwards, so that within a day it is none', () => {
  expect(daysLeft('2026-03-06T11:00:00+08:00', NOW)).toBe(0)
  expect(daysLeft('2026-03-08T13:00:00+08:00', NOW)).toBe(3)
  expect(daysLeft(null, NOW)).toBeNull()
})

it('counts down in the two units that matter', () => {
  const at = (text: string) => left(text, NOW)
  expect(at('2026-03-05T12:40:30+08:00')).toEqual({ over: false, key: 'minutes', a: 40, b: 0 })
  expect(at('2026-03-05T14:05:00+08:00')).toEqual({ over: false, key: 'hour_minutes', a: 2, b: 5 })
  expect(at('2026-03-06T15:00:00+08:00')).toEqual({ over: false, key: 'day_hours', a: 1, b: 3 })
  expect(at('2026-02-20T12:00:00+08:00')).toEqual({ over: true, key: 'days', a: 13, b: 0 })
  expect([urgency('2026-03-05T11:00:00+08:00', NOW), urgency('2026-03-06T11:00:00+08:00', NOW), urgency('2026-03-08T11:00:00+08:00', NOW), urgency('2026-03-20T11:00:00+08:00', NOW)]).toEqual(['red', 'orange', 'yellow', 'blue'])
})

it('words a photo\'s distance in time, and doubts what does not fit', () => {
  expect(minutesWord(-45)).toEqual({ key: 'minutes', n: 45 })
  expect(minutesWord(125)).toEqual({ key: 'hours', n: 2 })
  expect(minutesWord(-4 * 1440)).toEqual({ key: 'days', n: 4 })
  expect(doubtful({ metres_off: 320, minutes_off: -120 })).toBe(false)
  expect(doubtful({ metres_off: 3_200, minutes_off: 0 })).toBe(true)
  expect(doubtful({ metres_off: 0, minutes_off: -3 * 1440 })).toBe(true)
})
