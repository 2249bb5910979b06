import type { InboxItem } from '@/api/types'

/** Nearest deadline first; what is overdue stands before all; what has no deadline comes last. */
export function nearest(items: readonly InboxItem[]): InboxItem[] {
  const due = (item: InboxItem): string => item.due_at ?? (item.due ? `${item.due}T23:59:59` : '9999')
  const late = (item: InboxItem): number => (item.light === 'overdue' ? 0 : 1)
  return [...items].sort((a, b) => late(a) - late(b) || due(a).localeCompare(due(b)))
}
