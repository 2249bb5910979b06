import type { Light } from '@/api/types'
import { LIGHTS } from '@/ui/light'

/** Which duties a list shows. Everything here is in the address, so that a list can be sent to a colleague. */
export interface DutyFilters {
  notice?: string
  article?: number
  org?: string
  under?: string
  light?: LightFilter
  dueFrom?: string
  dueTo?: string
  mine: boolean
  waiting: boolean
  step?: string
  q: string
  sort: string
  view: View
}

/** One light, or `open`: all that are not yet over. */
export type LightFilter = Light | 'open'

/** How the list is laid out. */
export type View = 'list' | 'article' | 'town' | 'org' | 'month'

const VIEWS: View[] = ['list', 'article', 'town', 'org', 'month']
/** Open ones first, nearest first. */
export const URGENCY = 'urgency'
const SORTS = [URGENCY, 'due', '-due', 'org', 'article']
const DATE = /^\d{4}-\d{2}-\d{2}$/

/** An address's query, or any part of it. */
export type Query = Record<string, unknown>

function one(query: Query, name: string): string | undefined {
  const value = query[name]
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}

function date(query: Query, name: string): string | undefined {
  const value = one(query, name)
  return value !== undefined && DATE.test(value) ? value : undefined
}

/** Reads an address; what is not understood is as if it were not there. */
export function fromQuery(query: Query): DutyFilters {
  const article = Number(one(query, 'article'))
  const sort = one(query, 'sort')
  const light = one(query, 'light')
  const view = one(query, 'view') as View | undefined
  return {
    notice: one(query, 'notice'),
    article: Number.isInteger(article) && article > 0 ? article : undefined,
    org: one(query, 'org'),
    under: one(query, 'under'),
    light: light === 'open' || LIGHTS.includes(light as Light) ? (light as LightFilter) : undefined,
    dueFrom: date(query, 'due_from'),
    dueTo: date(query, 'due_to'),
    mine: one(query, 'mine') === 'true',
    waiting: one(query, 'waiting') === 'true',
    step: one(query, 'step'),
    q: one(query, 'q') ?? '',
    sort: sort !== undefined && SORTS.includes(sort) ? sort : URGENCY,
    view: view !== undefined && VIEWS.includes(view) ? view : 'list',
  }
}

type Param = 'notice' | 'article' | 'org' | 'under' | 'light' | 'due_from' | 'due_to' | 'mine' | 'waiting' | 'step' | 'q' | 'sort'
/** The filters by the names the server has for them. */
export type Params = Partial<Record<Param, string>>

/** The filters as the server takes them, empty ones left out. */
export function toParams(filters: DutyFilters): Params {
  const out: Params = {}
  const put = (name: Param, value: string | number | undefined) => {
    if (value !== undefined && value !== '') out[name] = String(value)
  }
  put('notice', filters.notice)
  put('article', filters.article)
  put('org', filters.org)
  put('under', filters.under)
  put('light', filters.light)
  put('due_from', filters.dueFrom)
  put('due_to', filters.dueTo)
  put('mine', filters.mine ? 'true' : undefined)
  put('waiting', filters.waiting ? 'true' : undefined)
  put('step', filters.step)
  put('q', filters.q.trim())
  return out
}

/** The address of these filters; an address without a query is the plain list. */
export function toQuery(filters: DutyFilters): Record<string, string> {
  const out: Record<string, string> = { ...toParams(filters) }
  if (filters.sort !== URGENCY) out.sort = filters.sort
  if (filters.view !== 'list') out.view = filters.view
  return out
}

/** How many filters narrow the list, layout and order not counted. */
export function countActive(filters: DutyFilters): number {
  return Object.keys(toParams(filters)).length
}

/** First and last day of a month written `2026-03`. */
export function monthRange(month: string): { from: string; to: string } | null {
  const match = /^(\d{4})-(\d{2})$/.exec(month)
  if (!match) return null
  const year = Number(match[1])
  const number = Number(match[2])
  if (number < 1 || number > 12) return null
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return { from: `${month}-01`, to: `${month}-${String(last).padStart(2, '0')}` }
}

/** The list behind one bar of a grouped view. */
export function intoGroup(filters: DutyFilters, key: string): DutyFilters {
  const list: DutyFilters = { ...filters, view: 'list' }
  if (filters.view === 'article') {
    // The key of an article carries its notice: `id#7`.
    const at = key.lastIndexOf('#')
    return { ...list, notice: at < 0 ? filters.notice : key.slice(0, at), article: Number(key.slice(at + 1)) || undefined }
  }
  if (filters.view === 'org') return { ...list, org: key, under: undefined }
  if (filters.view === 'town') return { ...list, under: key, org: undefined }
  const range = monthRange(key)
  return range ? { ...list, dueFrom: range.from, dueTo: range.to } : list
}
