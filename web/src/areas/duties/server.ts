import { attach, download, get, post } from '@/api/client'
import type { BulkCommand, BulkReport, DutyCommand, Org, Page } from '@/api/types'

import type { Params } from './filters'

export function listDuties(params: Params, ask: { limit: number; cursor: string | null; sort: string }) {
  return get('/duties', { ...params, ...ask })
}

export function summarize(group: 'article' | 'town' | 'org' | 'month' | 'light', params: Params) {
  return get('/duties/summary', { ...params, group })
}

export function getDuty(id: string) {
  return get('/duties/{id}', { id })
}

/** `key`: the same for a second try, so that evidence sent twice over a bad line is filed once. */
export function commandDuty(id: string, expected_version: number, command: DutyCommand, key?: string) {
  return post('/duties/{id}/commands', { expected_version, command }, { id }, key)
}

/** Most duties the server takes in one bulk command. */
const BULK_MAX = 500

/** Many duties at once, in as many requests as it takes. */
export async function bulk(ids: string[], command: BulkCommand, preview: boolean): Promise<BulkReport> {
  const all: BulkReport = { results: [], applied: 0 }
  for (let from = 0; from < ids.length; from += BULK_MAX) {
    const part = await post('/duties/bulk', { ids: ids.slice(from, from + BULK_MAX), command, preview })
    all.results.push(...part.results)
    all.applied += part.applied
  }
  return all
}

export function exportDuties(params: Params, name: string) {
  return download('/duties.xlsx', name, params)
}

/** Every unit, to choose from by name. */
export async function allOrgs(): Promise<Org[]> {
  const out: Org[] = []
  let cursor: string | null | undefined
  do {
    const page: Page<Org> = await get('/orgs', { limit: 1_000, cursor })
    out.push(...page.items)
    cursor = page.next
  } while (cursor)
  return out
}

export function publishedNotices() {
  return get('/notices')
}

export function articlesOf(notice: string) {
  return get('/notices/{id}/articles', { id: notice })
}

export { attach }
