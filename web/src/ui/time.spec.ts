import { mount } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { setServerNow } from '@/api/clock'
import Countdown from './Countdown.vue'
import { daysTo, since, size, stamp } from './time'

const at = (instant: string): number => Date.parse(instant)
beforeEach(() => setServerNow('2026-03-18T09:30:00+08:00'))

test('the wall clock is the district\'s, wherever the browser stands', () => {
  expect(stamp('2026-03-18T00:05:00+08:00')).toBe('2026-03-18 00:05')
  expect(stamp(null)).toBe('')
})

test('the day turns at the district\'s midnight', () => {
  expect(daysTo('2026-03-18', at('2026-03-18T00:00:00+08:00'))).toBe(0)
  expect(daysTo('2026-03-18', at('2026-03-17T23:59:59+08:00'))).toBe(1)
  expect(daysTo('2026-03-18', at('2026-03-18T23:59:59+08:00'))).toBe(0)
  expect(daysTo('2026-03-18', at('2026-03-19T00:00:00+08:00'))).toBe(-1)
  expect(daysTo('2026-03-31', at('2026-02-28T12:00:00+08:00'))).toBe(31)
})

test('how long ago', () => {
  const now = at('2026-03-18T09:30:00+08:00')
  expect(since('2026-03-18T09:29:30+08:00', now)).toEqual({ key: 'ui.time.now', n: 0 })
  expect(since('2026-03-18T09:00:00+08:00', now)).toEqual({ key: 'ui.time.minutes_ago', n: 30 })
  expect(since('2026-03-18T12:30:00+08:00', now)).toEqual({ key: 'ui.time.hours_ahead', n: 3 })
  expect(since('2026-03-15T09:00:00+08:00', now)).toEqual({ key: 'ui.time.days_ago', n: 3 })
})

test('a countdown says the days and the date; nothing is counted once the matter is over', () => {
  const text = (due: string | null, light: 'overdue' | 'due-soon' | 'done') => mount(Countdown, { props: { due, light } }).text()
  expect(text('2026-03-15', 'overdue')).toBe('逾期 3 天2026-03-15')
  expect(text('2026-03-18', 'due-soon')).toBe('今天到期2026-03-18')
  expect(text('2026-03-20', 'due-soon')).toBe('还有 2 天2026-03-20')
  expect(text('2026-03-15', 'done')).toBe('2026-03-15')
  expect(text(null, 'done')).toBe('无固定期限')
})

test('sizes carry their unit', () => {
  expect([size(900), size(2048), size(3_500_000)]).toEqual(['900 B', '2 KB', '3.3 MB'])
})
