import { get, post, postForm } from '@/api/client'
import type { Action, Edit, Notice, NoticeRow, Org, Owners, Page, Plan, Refusal } from '@/api/types'

/** Owners, with how many units a demand `for each` reaches besides. */
export type OwnersOf = Owners & { each?: number }
/** A plan lists at most some hundreds of changes and says how many there are. */
export type WholePlan = Plan & { added?: number; changed?: number; cancelled?: number }

/** Notices, newest first. */
export function listNotices(query: { cursor?: string; limit?: number; state?: string; q?: string } = {}) {
  return get<Page<NoticeRow>>('/notices', query)
}

export function getNotice(id: string) {
  return get<Notice>(`/notices/${encodeURIComponent(id)}`)
}

/** Hands in a notice file; the server reads it and answers with what it found. */
export function uploadNotice(file: File, progress?: (share: number) => void) {
  return postForm<Notice>('/notices', { file }, undefined, progress)
}

export function editNotice(id: string, expected_version: number, edit: Edit) {
  return post<Notice>(`/notices/${encodeURIComponent(id)}/edits`, { expected_version, edit })
}

export function getPlan(id: string) {
  return get<WholePlan>(`/notices/${encodeURIComponent(id)}/plan`)
}

export function publishNotice(id: string, expected_version: number) {
  return post<Notice>(`/notices/${encodeURIComponent(id)}/publish`, { expected_version })
}

export function withdrawNotice(id: string, expected_version: number, reason: string) {
  return post<Notice>(`/notices/${encodeURIComponent(id)}/withdraw`, { expected_version, reason })
}


export async function searchOrgs(q: string) {
  const page = await get<Page<Org>>('/orgs', { q, limit: 30 })
  return page.items.map((org) => ({ value: org.id, label: org.name, kind: org.kind }))
}

/** Whether one of these actions is offered here, and the reason when it is not permitted. */
export function permission(actions: readonly Action[], ...names: string[]): { offered: boolean; refusal: Refusal | null } {
  const action = actions.find((a) => names.includes(a.name))
  return { offered: action !== undefined, refusal: action?.refusal ?? null }
}
