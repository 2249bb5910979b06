import { attach, download, get, post } from '@/api/client'
import type { ArticleSummary, BulkReport, Duty, DutyCommand, DutyRow, NoticeRow, Org, Page, Summary } from '@/api/types'

export type Params = Record<string, string>

export function listDuties(params: Params, ask: { limit: number; cursor: string | null; sort: string }) {
  return get<Page<DutyRow>>('/duties', { ...params, ...ask })
}

export function summarize(group: 'article' | 'org' | 'month' | 'light', params: Params) {
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

export function bulk(ids: string[], command: BulkCommand, preview: boolean) {
  return post<BulkReport>('/duties/bulk', { ids, command, preview })
}

export function exportDuties(params: Params, name: string) {
  return download('/duties.xlsx', name, { query: params })
}

export async function searchOrgs(q: string) {
  const page = await get<Page<Org>>('/orgs', { q, limit: 30 })
  return page.items.map((org) => ({ value: org.id, label: org.name }))
}

export async function orgName(id: string): Promise<string> {
  return (await get<Org>(`/orgs/${encodeURIComponent(id)}`)).name
}

export function publishedNotices() {
  return get<Page<NoticeRow>>('/notices', { limit: 100 })
}

export function articlesOf(notice: string) {
  return get<ArticleSummary[]>(`/notices/${encodeURIComponent(notice)}/articles`)
}

export { attach }
