// How urgent an item is, in the groups in which a person works through them.
import type { InboxItem } from '@/api/types'

export type Kind = InboxItem['kind']
export const KINDS: Kind[] = ['duty', 'returned', 'review', 'ladder', 'notice']
export type Urgency = 'overdue' | 'now' | 'week' | 'later' | 'open'
const ORDER: Urgency[] = ['overdue', 'now', 'week', 'later', 'open']

export function urgency(item: Pick<InboxItem, 'light' | 'days_left'>): Urgency {
  if (item.light === 'overdue') return 'overdue'
  if (item.days_left == null) return 'open'
  if (item.days_left <= 3) return 'now'
  return item.days_left <= 7 ? 'week' : 'later'
}

/** Groups in order of urgency; within a group the nearest first, then what was sent back. */
export function grouped(items: InboxItem[]): { key: Urgency; items: InboxItem[] }[] {
  return ORDER.map((key) => ({
    key,
    items: items.filter((item) => urgency(item) === key).sort((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999') || Number(b.kind === 'returned') - Number(a.kind === 'returned')),
  })).filter((group) => group.items.length > 0)
}
