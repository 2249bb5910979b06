import type { AttachmentRef, DutyCommand, EvidenceKind } from '@/api/types'

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
  files: AttachmentRef[]
}

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

/** The command that files the evidence. Only the fields of its kind are sent; null while something is lacking. */
export function commandOf(draft: EvidenceDraft): Extract<DutyCommand, { name: 'file-evidence' }> | null {
  if (draft.kind === null || Object.keys(lacking(draft)).length > 0) return null
  const command: Extract<DutyCommand, { name: 'file-evidence' }> = {
    name: 'file-evidence',
    kind: draft.kind,
    happened: draft.happened,
    note: draft.note.trim(),
    files: draft.files.map((file) => file.sha256),
  }
  if (draft.kind === 'meeting') {
    command.meeting = { date: draft.happened, people: draft.people ?? 0, topic: draft.topic.trim(), minutes: draft.minutes.trim() }
  }
  if (draft.kind === 'number') command.number = { value: draft.value ?? 0, unit: draft.unit.trim() }
  if (draft.kind === 'link') command.link = { title: draft.linkTitle.trim(), target: draft.linkTarget.trim() }
  return command
}
