import type { LoopLight } from '@/api/types'
import type { GroupBy, Stage } from './types'

/** Which loops a list shows. Everything here is in the address, so that a list can be sent to a colleague. */
export interface LoopFilters {
  kind?: string
  state?: string
  stage?: Stage
  light?: LoopLight
  grade?: string
  type?: string
  org?: string
  under?: string
  town?: string
  handler?: string
  sector?: string
  mine: boolean
  q: string
  from?: string
  to?: string
  happened_from?: string
  happened_to?: string
  age_min?: string
  age_max?: string
  sort: string
}

type Name = Exclude<keyof LoopFilters, 'sort' | 'mine' | 'q'>
const NAMES: Name[] = ['kind', 'state', 'stage', 'light', 'grade', 'type', 'org', 'under', 'town', 'handler', 'sector', 'from', 'to', 'happened_from', 'happened_to', 'age_min', 'age_max']
const STAGES = ['open', 'closed', 'ended']
export const LOOP_LIGHTS: LoopLight[] = ['overdue', 'due-soon', 'in-time']
const DATES = new Set<Name>(['from', 'to', 'happened_from', 'happened_to'])
const SORTS = ['due', '-due', '-opened', 'opened', '-happened', 'org']
/** What must be done first stands first. */
export const NEAREST = 'due'

/** An address's query, or any part of it. */
export type Query = Record<string, unknown>

function one(query: Query, name: string): string | undefined {
  const value = query[name]
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}

/** Whether a value is one its filter knows; what is not understood is as if it were not there. */
function fits(name: Name, value: string): boolean {
  if (name === 'stage') return STAGES.includes(value)
  if (name === 'light') return LOOP_LIGHTS.includes(value as LoopLight)
  if (DATES.has(name)) return /^\d{4}-\d{2}-\d{2}$/.test(value)
  if (name === 'age_min' || name === 'age_max') return /^\d{1,5}$/.test(value)
  return true
}

export function fromQuery(query: Query): LoopFilters {
  const sort = one(query, 'sort')
  const out: LoopFilters = { mine: one(query, 'mine') === 'true', q: one(query, 'q') ?? '', sort: sort !== undefined && SORTS.includes(sort) ? sort : NEAREST }
  for (const name of NAMES) {
    const value = one(query, name)
    if (value !== undefined && fits(name, value)) (out as unknown as Record<string, string>)[name] = value
  }
  return out
}

/** The filters by the names the server has for them. */
export type Params = Partial<Record<Name | 'mine' | 'q' | 'sort', string>>

export function toParams(filters: Partial<LoopFilters>): Params {
  const out: Params = {}
  for (const name of NAMES) if (filters[name]) out[name] = filters[name]
  if (filters.mine) out.mine = 'true'
  if (filters.q?.trim()) out.q = filters.q.trim()
  return out
}

/** The address of these filters; an address without a query is the plain list. */
export function toQuery(filters: Partial<LoopFilters>): Record<string, string> {
  const out: Record<string, string> = { ...toParams(filters) }
  if (filters.sort && filters.sort !== NEAREST) out.sort = filters.sort
  return out
}

/** How many filters narrow the list; kind and order are not counted. */
export function countActive(filters: Partial<LoopFilters>): number {
  return Object.keys(toParams({ ...filters, kind: undefined })).length
}

/** First and last day of a month written `2026-03`. */
export function monthRange(month: string): { from: string; to: string } | null {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month)
  if (!match) return null
  const last = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate()
  return { from: `${month}-01`, to: `${month}-${String(last).padStart(2, '0')}` }
}

/** `8-30` and `91+`, as the summary names ages, in days. */
export function ageRange(key: string): { age_min?: string; age_max?: string } {
  const span = /^(\d+)-(\d+)$/.exec(key)
  if (span) return { age_min: span[1], age_max: span[2] }
  const open = /^(\d+)\+$/.exec(key)
  return open ? { age_min: open[1] } : {}
}

/** The list behind one group of a summary: the same filters and what the group stands for. */
export function intoGroup(filters: Partial<LoopFilters>, group: GroupBy, key: string): Partial<LoopFilters> {
  switch (group) {
    case 'month': return { ...filters, ...monthRange(key) }
    // Ages are of those that are open.
    case 'age': return { ...filters, stage: 'open', ...ageRange(key) }
    case 'none': return { ...filters }
    // A state is named with its kind: `hazard#found`.
    case 'state': {
      const [kind, state] = key.includes('#') ? key.split('#') : [filters.kind, key]
      return { ...filters, kind, state }
    }
    default: return { ...filters, [group]: key }
  }
}

/** Groups in the order in which they are read: ages and months as they follow, states as the way goes, the rest by what is open. */
export function inOrder<T extends { key: string; open: number; total: number }>(groups: readonly T[], group: GroupBy, states: readonly string[] = []): T[] {
  const first = (key: string): number => Number.parseInt(key, 10) || 0
  const place = (key: string): number => { const at = states.indexOf(key.split('#').at(-1)!); return at < 0 ? states.length : at }
  return [...groups].sort((a, b) => {
    if (group === 'age') return first(a.key) - first(b.key)
    if (group === 'month') return a.key.localeCompare(b.key)
    if (group === 'state') return place(a.key) - place(b.key)
    return b.open - a.open || b.total - a.total
  })
}
