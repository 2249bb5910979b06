import { attach, download, get, post } from '@/api/client'
import type { ArticleSummary, BulkReport, Duty, DutyCommand, DutyRow, NoticeRow, Org, Page, Summary } from '@/api/types'

export type Params = Record<string, string>

export function listDuties(params: Params, ask: { limit: number; cursor: string | null; sort: string }) {
  return get<Page<DutyRow>>('/duties', { ...params, ...ask })
}

export function summarize(group: 'article' | 'town' | 'org' | 'month' | 'light', params: Params) {
  return get<Summary>('/duties/summary', { ...params, group })
}

export function getDuty(id: string) {
  return get<Duty>(`/duties/${encodeURIComponent(id)}`)
}

/** `key`: the same for a second try, so that evidence sent twice over a bad line is filed once. */
export function commandDuty(id: string, expected_version: number, command: DutyCommand, key?: string) {
  return post<Duty>(`/duties/${encodeURIComponent(id)}/commands`, { expected_version, command }, key ? { key } : {})
}

export type BulkCommand = { name: 'remind'; note?: string } | { name: 'waive'; reason: string } | { name: 'accept-all' }

/** Most duties the server takes in one bulk command. */
const BULK_MAX = 500

/** Many duties at once, in as many requests as it takes. */
export async function bulk(ids: string[], command: BulkCommand, preview: boolean): Promise<BulkReport> {
  const all: BulkReport = { results: [], applied: 0 }
  for (let from = 0; from < ids.length; from += BULK_MAX) {
    const part = await post<BulkReport>('/duties/bulk', { ids: ids.slice(from, from + BULK_MAX), command, preview })
    all.results.push(...part.results)
    all.applied += part.applied
  }
  return all
}

export function exportDuties(params: Params, name: string) {
  return download('/duties.xlsx', name, { query: params })
}

/** Every unit, to choose from by name. */
export async function allOrgs(): Promise<Org[]> {
  const out: Org[] = []
  let cursor: string | null = null
  do {
    const page: Page<Org> = await get<Page<Org>>('/orgs', { limit: 1_000, cursor })
    out.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return out
}

export function publishedNotices() {
  return get<Page<NoticeRow>>('/notices', { limit: 100 })
}

export function articlesOf(notice: string) {
  return get<ArticleSummary[]>(`/notices/${encodeURIComponent(notice)}/articles`)
}

export { attach }
