import { get, post, postFile } from '@/api/client'
import type { Action, Edit, Refusal } from '@/api/types'

/** Every notice, newest first. */
export function listNotices() {
  return get('/notices')
}

export function getNotice(id: string) {
  return get('/notices/{id}', { id })
}

/** Hands in a notice file; the server reads it and answers with what it found. */
export function uploadNotice(file: File, progress?: (share: number) => void) {
  return postFile('/notices', file, {}, progress)
}

export function editNotice(id: string, expected_version: number, edit: Edit) {
  return post('/notices/{id}/edits', { expected_version, edit }, { id })
}

export function getPlan(id: string) {
  return get('/notices/{id}/plan', { id })
}

export function publishNotice(id: string, expected_version: number) {
  return post('/notices/{id}/publish', { expected_version }, { id })
}

export function withdrawNotice(id: string, expected_version: number, reason: string) {
  return post('/notices/{id}/withdraw', { expected_version, reason }, { id })
}

export async function searchOrgs(q: string) {
  const page = await get('/orgs', { q, limit: 30 })
  return page.items.map((org) => ({ value: org.id, label: org.name, kind: org.kind }))
}

/** Whether one of these actions is offered here, and the reason when it is not permitted. */
export function permission(actions: readonly Action[], ...names: string[]): { offered: boolean; refusal: Refusal | null } {
  const action = actions.find((a) => names.includes(a.name))
  return { offered: action !== undefined, refusal: action?.refusal ?? null }
}
