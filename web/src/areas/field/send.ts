// One record on its way: files first, each remembered once it has arrived, then the record itself under its own key.
import { asError, attach, post } from '@/api/client'
import type { ApiError } from '@/api/client'
import { serverNow } from '@/api/clock'
import type { FormValues } from '@/ui/form/types'
import { isBlank } from '@/ui/form/values'
import type { FieldRecord, FieldRefusal } from './types'
import type { Vault } from './vault'

/** arrived or refused: go on with the next; later: the line or the server is not there; out: sign in first. */
export type Outcome = 'arrived' | 'refused' | 'later' | 'out'
export interface Delivery { outcome: Outcome; record: FieldRecord; error?: ApiError }

/** Answers that another try may change. */
export function passing(status: number): boolean {
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500
}

export function refusalOf(error: ApiError): FieldRefusal {
  return { zh: error.zh, en: error.en, detail: error.zhDetail, field: error.field }
}

/** What is posted. Hazards keep recordings among the attachments, accidents have a field for them. */
export function bodyOf(record: FieldRecord): Record<string, unknown> {
  const hashes = (into: 'photos' | 'voice'): string[] => record.files.filter((file) => file.into === into && file.sha256).map((file) => file.sha256!)
  const values: Record<string, unknown> = {}
  for (const [code, value] of Object.entries(record.values as FormValues)) if (!isBlank(value)) values[code] = typeof value === 'string' ? value.trim() : value
  const [photos, voice] = [hashes('photos'), hashes('voice')]
  if (photos.length) values.photos = photos
  if (voice.length) values[record.kind === 'accident' ? 'voice' : 'attachments'] = voice
  return {
    kind: record.kind,
    org: record.org!.id,
    values,
    ...(record.place ? { place: record.place } : {}),
    happened: new Date(record.made!).toISOString(),
  }
}

export async function deliver(vault: Vault, given: FieldRecord): Promise<Delivery> {
  let record = given
  const keep = async (change: Partial<FieldRecord>): Promise<void> => {
    record = { ...record, ...change }
    await vault.put(record)
  }
  try {
    for (const file of record.files) {
      if (file.sha256) continue
      const bytes = await vault.file(file.id)
      // The browser cleared it away: the rest is still worth sending.
      if (!bytes) continue
      const stored = await attach(new File([bytes], file.name, { type: file.type }))
      await keep({ files: record.files.map((one) => (one.id === file.id ? { ...one, sha256: stored.sha256 } : one)) })
    }
    // A device whose clock runs ahead must not report from the future; once sent, the time stays as it is.
    if (!record.tried) await keep({ tried: true, made: Math.min(record.made ?? serverNow(), serverNow()) })
    const loop = await post('/loops', bodyOf(record) as never, {}, record.key)
    await keep({ state: 'sent', refusal: null, loop: { id: loop.id, number: loop.number } })
    for (const file of record.files) await vault.dropFile(file.id)
    return { outcome: 'arrived', record }
  } catch (cause) {
    const error = asError(cause)
    if (error.status === 401) return { outcome: 'out', record, error }
    if (passing(error.status)) return { outcome: 'later', record, error }
    await keep({ state: 'refused', refusal: refusalOf(error) })
    return { outcome: 'refused', record, error }
  }
}
