import { expect, test } from 'vitest'
import type { InboxItem, Light } from '@/api/types'
import { grouped, urgency } from './useInbox'

const item = (id: string, light: Light, days: number | null, due: string | null, kind: InboxItem['kind'] = 'duty'): InboxItem =>
  ({ id, kind, title: id, detail: '', org: { id: 'o', name: '东街街道', kind: 'town' }, due, days_left: days, light, link: '/', at: '' })

test('three days are now, seven are this week', () => {
  expect(urgency({ light: 'due-soon', days_left: 3 })).toBe('now')
  expect(urgency({ light: 'due-soon', days_left: 4 })).toBe('week')
  expect(urgency({ light: 'in-time', days_left: 8 })).toBe('later')
  expect(urgency({ light: 'standing', days_left: null })).toBe('open')
  expect(urgency({ light: 'overdue', days_left: -1 })).toBe('overdue')
})

test('nearest first; what was sent back stands before the rest of the same day; empty groups are left out', () => {
  const groups = grouped([
    item('late', 'overdue', -3, '2026-03-15'), item('later', 'in-time', 20, '2026-04-07'), item('latest', 'overdue', -9, '2026-03-09'),
    item('back', 'overdue', -3, '2026-03-15', 'returned'), item('open', 'standing', null, null),
  ])
  expect(groups.map((group) => [group.key, group.items.map((one) => one.id)])).toEqual([['overdue', ['latest', 'back', 'late']], ['later', ['later']], ['open', ['open']]])
})
