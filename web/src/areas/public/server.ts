import { ApiError, asError, attachOpen, get, post } from '@/api/client'
import type { FormField, FormValues, Point } from '@/ui/form/types'
import { solve } from './work'

export interface Town { id: string; name: string; place: Point | null }
export interface OpenForm { district: string; towns: Town[]; fields: FormField[]; files_max: number; file_max_bytes: number; hotline: string }
export interface Report { values: FormValues; town: string; place: Point | null; address: string; name: string; contact: string; pin: string }
export type Phase = { name: 'work'; share: number } | { name: 'files'; n: number; of: number; share: number } | { name: 'send' }

export async function openForm(): Promise<OpenForm> {
  return (await get('/public/form')) as unknown as OpenForm
}

/** A file that was chosen stays on the page until the report is sent. */
export class Chosen {
  private readonly files = new Map<string, { file: File; url: string }>()
  private last = 0

  add(file: File): { sha256: string; name: string; size: number; media_type: string } {
    const sha256 = `chosen-${(this.last += 1)}`
    this.files.set(sha256, { file, url: URL.createObjectURL(file) })
    return { sha256, name: file.name, size: file.size, media_type: file.type }
  }
  url(id: string): string {
    return this.files.get(id)?.url ?? ''
  }
  file(id: string): File | undefined {
    return this.files.get(id)?.file
  }
  forget(): void {
    for (const { url } of this.files.values()) URL.revokeObjectURL(url)
    this.files.clear()
  }
}

async function once(report: Report, chosen: Chosen, phase: (now: Phase) => void): Promise<{ code: string; number: string }> {
  phase({ name: 'work', share: 0 })
  const { token, bits } = await get('/public/challenge')
  const nonce = await solve(token, bits, (share) => phase({ name: 'work', share }))
  const named = [...new Set(Object.values(report.values).flatMap((value): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])).filter((value): value is string => typeof value === 'string' && chosen.file(value) !== undefined))]
  const stored = new Map<string, string>()
  for (const [i, id] of named.entries()) {
    phase({ name: 'files', n: i + 1, of: named.length, share: 0 })
    const ref = await attachOpen(chosen.file(id)!, { token, nonce }, (share) => phase({ name: 'files', n: i + 1, of: named.length, share }))
    stored.set(id, ref.sha256)
  }
  const values = Object.fromEntries(Object.entries(report.values).map(([code, value]) => [code, Array.isArray(value) ? [...new Set((value as string[]).map((one) => stored.get(one) ?? one))] : value]))
  phase({ name: 'send' })
  return post('/public/reports', { ...report, values, town: report.town || null, token, nonce } as never)
}

/** Does the work, sends the files, then the report. A page that stood open too long begins anew by itself. */
export async function sendReport(report: Report, chosen: Chosen, phase: (now: Phase) => void): Promise<{ code: string; number: string }> {
  try {
    return await once(report, chosen, phase)
  } catch (cause) {
    if (cause instanceof ApiError && asError(cause).is('public/challenge')) return once(report, chosen, phase)
    throw cause
  }
}
