// The district at a glance, and the two sentences for a leader with two minutes.
import { keepPreviousData, useQuery, type UseQueryReturnType } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { get } from '@/api/client'
import type { Cockpit, DutyRow, NoticeRow, OrgStanding, Page } from '@/api/types'

export function useCockpit(notice: Ref<string>): UseQueryReturnType<Cockpit, Error> {
  return useQuery({ queryKey: ['cockpit', notice], queryFn: ({ signal }) => get('/cockpit', { notice: notice.value }, signal), placeholderData: keepPreviousData })
}

export function usePublished(enabled: Ref<boolean>): UseQueryReturnType<Page<NoticeRow>, Error> {
  return useQuery({ queryKey: ['notices', 'published'], queryFn: () => get('/notices'), enabled })
}

/** The unit with most overdue duties, if any is overdue. */
export function slowest(standings: OrgStanding[]): OrgStanding | null {
  let worst: OrgStanding | null = null
  for (const one of standings) if (one.counts.overdue > (worst?.counts.overdue ?? 0)) worst = one
  return worst
}

/** Days by which the longest overdue duty is late. */
export function longest(worst: DutyRow[]): number {
  return worst.reduce((most, duty) => Math.max(most, -(duty.days_left ?? 0)), 0)
}

/** First and last day of `2026-03`. */
export function monthEnds(month: string): { from: string; to: string } {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return { from: `${month}-01`, to: `${month}-${String(last).padStart(2, '0')}` }
}
