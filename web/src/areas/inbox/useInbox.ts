// How urgent an item is, in the groups in which a person works through them.
import type { InboxItem } from '@/api/types'

export type Kind = InboxItem['kind'] | 'loop'
export const KINDS: Kind[] = ['duty', 'loop', 'returned', 'review', 'ladder', 'notice']
/** Some deadlines are of an hour, not of a day. */
export function dueAt(item: Pick<InboxItem, 'due'> & { due_at?: string | null }): string | null {
  return item.due_at ?? null
}
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
    items: items.filter((item) => urgency(item) === key).sort((a, b) => (dueAt(a) ?? a.due ?? '9999').localeCompare(dueAt(b) ?? b.due ?? '9999') || Number(b.kind === 'returned') - Number(a.kind === 'returned')),
  })).filter((group) => group.items.length > 0)
}
