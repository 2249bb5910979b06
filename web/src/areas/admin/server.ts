import { del, download, get, post, postForm, postText, put } from '@/api/client'
import type {
  Authority, CalendarReport, FactView, ImportReport, NewPerson, NewToken, Org, OrgInput, Page, Person, Rulebook, Thing, ThingKind, Token,
} from '@/api/types'

const MOST = 500

/** What the server answers to a calendar: how many days it found, and what it could not read. */
export type CalendarAnswer = Omit<CalendarReport, 'holidays' | 'workdays'> & { holidays: number | string[]; workdays: number | string[]; source?: string }

/** Every unit; a district has some hundreds, so the tree is drawn from one list. */
export async function allOrgs(): Promise<Org[]> {
  const out: Org[] = []
  let cursor: string | null = null
  do {
    const page: Page<Org> = await get<Page<Org>>('/orgs', { limit: MOST, cursor })
    out.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return out
}

export const addOrg = (input: OrgInput) => post<Org>('/orgs', input)
export const changeOrg = (id: string, expected_version: number, input: OrgInput) => put<Org>(`/orgs/${encodeURIComponent(id)}`, { expected_version, ...input })

export interface PositionInput { org: string; role: string }
export interface PersonInput { name: string; positions: PositionInput[]; disabled: boolean }

export function listPeople(query: { q: string; role: string; org: string }, ask: { limit: number; cursor: string | null; sort: string }) {
  return get<Page<Person>>('/people', { ...query, ...ask })
}
export const addPerson = (input: { login: string; name: string; positions: PositionInput[] }) => post<NewPerson>('/people', input)
export const changePerson = (id: string, expected_version: number, input: PersonInput) => put<Person>(`/people/${encodeURIComponent(id)}`, { expected_version, ...input })
export const resetPassword = (id: string) => post<{ one_time_password: string }>(`/people/${encodeURIComponent(id)}/password`)

export const getAuthority = () => get<Authority>('/authority')

export const listTokens = () => get<Page<Token>>('/tokens', { limit: MOST })
export const issueToken = (input: { name: string; commands: string[]; days: number }) => post<NewToken>('/tokens', input)
export const revokeToken = (id: string) => del(`/tokens/${encodeURIComponent(id)}`)

export const thingKinds = () => get<ThingKind[]>('/things/kinds')
export function listThings(query: { kind: string; q: string }, ask: { limit: number; cursor: string | null; sort: string }) {
  return get<Page<Thing>>('/things', { ...query, ...ask })
}
export function importThings(file: File, kind: string, how: { preview: boolean; partial: boolean }, progress?: (share: number) => void) {
  return postForm<ImportReport>('/things/import', { file }, { kind, ...how }, progress)
}
export const thingTemplate = (kind: string, name: string) => download(`/things/template/${encodeURIComponent(kind)}.xlsx`, name)

export const getRulebook = () => get<Rulebook>('/rulebook')
export const importCalendar = (text: string, preview: boolean) => postText<CalendarAnswer>('/rulebook/calendar', text, { preview })

export const auditFacts = (kind: string) => get<Page<FactView>>('/ledger/facts', { kind, limit: 8 })
