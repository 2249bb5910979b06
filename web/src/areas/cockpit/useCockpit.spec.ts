import { expect, test } from 'vitest'
import type { DutyRow, OrgStanding } from '@/api/types'
import { noCounts } from '@/ui/light'
import { longest, monthEnds, slowest } from './useCockpit'

const standing = (name: string, overdue: number): OrgStanding => ({ org: { id: name, name, kind: 'town' }, counts: { ...noCounts(), overdue }, rate: 1 })

test('the slowest unit is the one with most overdue, and none when nothing is overdue', () => {
  expect(slowest([standing('甲', 1), standing('乙', 4), standing('丙', 4)])?.org.name).toBe('乙')
  expect(slowest([standing('甲', 0)])).toBeNull()
  expect(slowest([])).toBeNull()
})

test('a month ends on its last day, also in a leap year', () => {
  expect(monthEnds('2026-02')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  expect(monthEnds('2028-02').to).toBe('2028-02-29')
  expect(monthEnds('2026-12').to).toBe('2026-12-31')
})

test('standing duties without a date do not count as late', () => {
  expect(longest([{ days_left: null } as DutyRow, { days_left: -12 } as DutyRow, { days_left: -3 } as DutyRow])).toBe(12)
})
