import { attach, download as saveFile, get, post } from '@/api/client'
import type { Params } from './filters'
import type { Answers, BulkReport, Criterion, GroupBy, Identity, LoopKind, LoopPage, LoopView, NewLoop, Similar, Summary, Trace, TrendMonth, Verdict, What } from './types'

// Forms and what is filled in are plain objects in the document; here they get their kinds (types.ts).
type Filled = Record<string, never>

export const loopKinds = (): Promise<LoopKind[]> => get('/loops/kinds') as Promise<LoopKind[]>

export function listLoops(params: Params, page: { limit: number; cursor: string | null; sort: string }): Promise<LoopPage> {
  return get('/loops', { ...params, ...page }) as Promise<LoopPage>
}
export function summarize(group: GroupBy, params: Params): Promise<Summary> {
  return get('/loops/summary', { ...params, group })
}
export function trend(params: Params, months: number): Promise<TrendMonth[]> {
  return get('/loops/trend', { ...params, months })
}
export function exportLoops(params: Params, name: string): Promise<void> {
  return saveFile('/loops.xlsx', name, params)
}

/** `key`: the same for a second try, so that one matter sent twice over a bad line is opened once. */
export function openLoop(loop: NewLoop, key: string): Promise<LoopView> {
  return post('/loops', { ...loop, values: loop.values as Filled }, {}, key) as Promise<LoopView>
}
export function getLoop(id: string): Promise<LoopView> {
  return get('/loops/{id}', { id }) as Promise<LoopView>
}
export function commandLoop(id: string, expected_version: number, command: What, happened?: string, key?: string): Promise<LoopView> {
  const sent = command.name === 'move' ? { ...command, values: command.values as Filled } : command
  return post('/loops/{id}/commands', { expected_version, command: sent, ...(happened ? { happened } : {}) }, { id }, key) as Promise<LoopView>
}

/** Most loops the server takes in one bulk move. */
const BULK_MAX = 500
/** One move for many loops, in as many requests as it takes. */
export async function bulk(ids: string[], code: string, values: Record<string, unknown>, preview: boolean): Promise<BulkReport> {
  const all: BulkReport = { results: [], applied: 0 }
  for (let from = 0; from < ids.length; from += BULK_MAX) {
    const part = await post('/loops/bulk', { ids: ids.slice(from, from + BULK_MAX), code, values: values as Filled, preview })
    all.results.push(...part.results)
    all.applied += part.applied
  }
  return all
}

export function traceOf(id: string): Promise<Trace> {
  return get('/loops/{id}/trace', { id }) as Promise<Trace>
}

export function saveTrace(id: string, name: string): Promise<void> {
  return saveFile('/loops/{id}/trace.docx', name, { id })
}
export function savePaper(id: string, paper: string, name: string): Promise<void> {
  return saveFile('/loops/{id}/papers/{paper}', name, { id, paper })
}

export function criteria(sector: string, on?: string): Promise<Criterion[]> {
  return get('/criteria', { sector, on }) as Promise<Criterion[]>
}
export function judge(id: string, answers: Answers): Promise<Verdict> {
  return post('/criteria/{id}/judge', { answers }, { id }) as Promise<Verdict>
}
export const rulebook = () => get('/rulebook')

/** Says that I am at a loop, and hears who else is. */
export async function present(id: string): Promise<string[]> {
  return (await post('/loops/{id}/presence', undefined, { id })).people
}
/** Others of the kind that may be the same matter. */
export function similar(id: string): Promise<Similar[]> {
  return get('/loops/{id}/similar', { id }) as Promise<Similar[]>
}
/** Who reported. That somebody looked, when and why is in the ledger before the answer comes. */
export function reporter(id: string, reason: string): Promise<Identity> {
  return post('/loops/{id}/reporter', { reason }, { id })
}

export { attach }
