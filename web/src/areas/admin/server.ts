import { del, download, get, post, postFile, postText, put } from '@/api/client'
import type { Org, OrgInput, Page, PersonInput } from '@/api/types'

const MOST = 500

/** Every unit; a district has some hundreds, so the tree is drawn from one list. */
export async function allOrgs(): Promise<Org[]> {
  const out: Org[] = []
  let cursor: string | null | undefined
  do {
    const page: Page<Org> = await get('/orgs', { limit: MOST, cursor })
    out.push(...page.items)
    cursor = page.next
  } while (cursor)
  return out
}

export const addOrg = (input: OrgInput) => post('/orgs', input)
export const changeOrg = (id: string, expected_version: number, input: OrgInput) => put('/orgs/{id}', { expected_version, ...input }, { id })

export function listPeople(query: { q: string; role: string; org: string }, ask: { limit: number; cursor: string | null; sort: string }) {
  return get('/people', { ...query, ...ask })
}
export const addPerson = (input: PersonInput) => post('/people', input)
export const changePerson = (id: string, expected_version: number, input: PersonInput) => put('/people/{id}', { expected_version, ...input }, { id })
export const resetPassword = (id: string) => post('/people/{id}/password', undefined, { id })

export const getAuthority = () => get('/authority')

export const listTokens = () => get('/tokens')
export const issueToken = (input: { name: string; commands: string[]; days: number }) => post('/tokens', input)
export const revokeToken = (id: string) => del('/tokens/{id}', undefined, { id })

export const thingKinds = () => get('/things/kinds')
export function listThings(query: { kind: string; q: string }, ask: { limit: number; cursor: string | null; sort: string }) {
  return get('/things', { ...query, ...ask })
}
export function importThings(file: File, kind: string, how: { preview: boolean; partial: boolean }, progress?: (share: number) => void) {
  return postFile('/things/import', file, { kind, ...how }, progress)
}
export const thingTemplate = (kind: string, name: string) => download('/things/template/{kind}', name, { kind: `${kind}.xlsx` })

export const getRulebook = () => get('/rulebook')
export const importCalendar = (text: string, preview: boolean) => postText('/rulebook/calendar', text, { preview })

export const auditFacts = (kind: string) => get('/ledger/facts', { kind, limit: 8 })
