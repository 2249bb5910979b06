import type { EvidenceKind } from '@/api/types'

/** A file of an evidence form: what is known of it once it is on the server, or that it must be chosen again. */
export interface DraftFile {
  sha256: string
  name: string
  size: number
  media_type: string
}

/** Evidence being written. It is kept on the device until it is sent, so that nothing typed is lost. */
export interface EvidenceDraft {
  kind: EvidenceKind | null
  step: 1 | 2 | 3
  happened: string
  note: string
  topic: string
  people: number | null
  minutes: string
  value: number | null
  unit: string
  linkTitle: string
  linkTarget: string
  files: DraftFile[]
}

/** Where drafts are kept; the browser's local storage outside of tests. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const PREFIX = 'anlan.draft.evidence.'

/** An empty form for something that happened on `today`. */
export function emptyDraft(today: string, unit = ''): EvidenceDraft {
  return {
    kind: null,
    step: 1,
    happened: today,
    note: '',
    topic: '',
    people: null,
    minutes: '',
    value: null,
    unit,
    linkTitle: '',
    linkTarget: '',
    files: [],
  }
}

/** The draft kept for a duty, or null when there is none or it cannot be read. */
export function loadDraft(store: Store, duty: string, today: string): EvidenceDraft | null {
  const text = store.getItem(PREFIX + duty)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return { ...emptyDraft(today), ...(value as Partial<EvidenceDraft>) }
  } catch {
    return null
  }
}

/** Keeps a draft. A full or forbidden store is not worth an error: the form itself still holds the words. */
export function saveDraft(store: Store, duty: string, draft: EvidenceDraft): boolean {
  try {
    store.setItem(PREFIX + duty, JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

/** Forgets a draft after it was sent or thrown away. */
export function dropDraft(store: Store, duty: string): void {
  store.removeItem(PREFIX + duty)
}

/** Whether anything was written that would be a pity to lose. */
export function isWritten(draft: EvidenceDraft): boolean {
  return (
    draft.kind !== null &&
    (draft.note + draft.topic + draft.minutes + draft.linkTitle + draft.linkTarget !== '' ||
      draft.people !== null ||
      draft.value !== null ||
      draft.files.length > 0)
  )
}

/** What the form still lacks, by the key of the sentence that says so. */
export function lacking(draft: EvidenceDraft): Partial<Record<keyof EvidenceDraft, string>> {
  const out: Partial<Record<keyof EvidenceDraft, string>> = {}
  if (draft.happened === '') out.happened = 'needDate'
  if (draft.kind === 'meeting') {
    if (draft.topic.trim() === '') out.topic = 'needTopic'
    if (draft.people === null || draft.people < 1) out.people = 'needPeople'
  }
  if (draft.kind === 'number') {
    if (draft.value === null) out.value = 'needValue'
    if (draft.unit.trim() === '') out.unit = 'needUnit'
  }
  if (draft.kind === 'link') {
    if (draft.linkTitle.trim() === '') out.linkTitle = 'needLinkTitle'
    if (draft.linkTarget.trim() === '') out.linkTarget = 'needLinkTarget'
  }
  if ((draft.kind === 'file' || draft.kind === 'photo') && draft.files.length === 0) out.files = 'needFile'
  return out
}

/** The command that files the evidence. Only the fields of its kind are sent. */
export function commandOf(draft: EvidenceDraft): Record<string, unknown> {
  return {
    name: 'file-evidence',
    kind: draft.kind,
    happened: draft.happened,
    note: draft.note.trim(),
    files: draft.files.map((file) => file.sha256),
    ...(draft.kind === 'meeting'
      ? {
          meeting: {
            date: draft.happened,
            people: draft.people,
            topic: draft.topic.trim(),
            minutes: draft.minutes.trim(),
          },
        }
      : {}),
    ...(draft.kind === 'number' ? { number: { value: draft.value, unit: draft.unit.trim() } } : {}),
    ...(draft.kind === 'link' ? { link: { title: draft.linkTitle.trim(), target: draft.linkTarget.trim() } } : {}),
  }
}
