// What a form holds: which fields are asked, what is still lacking, and what is sent. The server checks all of it
// again; here it is checked so that a person is told while he types.
import type { FormField, FormValue, FormValues, Point } from './types'

/** Longest single line and longest text, in characters; most lines in a table; as the server has them. */
export const LINE_MAX = 200
export const LONG_MAX = 4_000
export const FILES_MAX = 20
export const ROWS_MAX = 200

/** Is the field asked for, given what else was filled in? */
export function asked(field: FormField, values: FormValues): boolean {
  if (!field.when || field.need === 'must' || field.need === 'may') return true
  const other = values[field.when.field]
  if (Array.isArray(other)) return other.some((one) => typeof one === 'string' && field.when!.values.includes(one))
  if (typeof other === 'boolean') return field.when.values.includes(String(other))
  return typeof other === 'string' && field.when.values.includes(other)
}

/** Must it be filled, once it is asked? */
export function needed(field: FormField): boolean {
  return field.need === 'must' || field.need === 'when'
}

/** Nothing was filled in. A no and a nought are something. */
export function isBlank(value: FormValue): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.length === 0
  return false
}

export function isPoint(value: FormValue): value is Point {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value.lon === 'number' && typeof value.lat === 'number'
}

/** A word key of `ui.form` with what fills its holes. */
export interface Lack { key: string; [hole: string]: string | number }

/** What is wrong with one value; null when nothing is. */
export function lackOf(field: FormField, value: FormValue): Lack | null {
  if (isBlank(value)) {
    if (!needed(field)) return null
    switch (field.kind) {
      case 'files': case 'photos': return { key: 'need_file' }
      case 'rows': return { key: 'need_row' }
      case 'choice': case 'many': case 'table': case 'flag': case 'org': case 'criterion': case 'loop': return { key: 'need_pick' }
      default: return { key: 'need' }
    }
  }
  switch (field.kind) {
    case 'text': return tooLong(value, LINE_MAX)
    case 'long': return tooLong(value, LONG_MAX)
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return { key: 'number' }
      if (field.whole && !Number.isInteger(value)) return { key: 'whole' }
      if (field.min !== null && field.min !== undefined && value < field.min) return { key: 'least', n: field.min }
      if (field.max !== null && field.max !== undefined && value > field.max) return { key: 'most', n: field.max }
      return null
    }
    case 'place': return isPoint(value) && Math.abs(value.lon) <= 180 && Math.abs(value.lat) <= 90 ? null : { key: 'place' }
    case 'files': case 'photos': return (value as unknown[]).length > FILES_MAX ? { key: 'many_files', n: FILES_MAX } : null
    case 'rows': {
      const rows = value as FormValues[]
      if (rows.length > ROWS_MAX) return { key: 'many_rows', n: ROWS_MAX }
      const full = rows.filter((row) => !Object.values(row).every(isBlank))
      if (!full.length) return needed(field) ? { key: 'need_row' } : null
      const bad = full.findIndex((row) => Object.keys(lacking(field.fields ?? [], row)).length > 0)
      return bad < 0 ? null : { key: 'row', n: rows.indexOf(full[bad]!) + 1 }
    }
    default: return null
  }
}

function tooLong(value: FormValue, max: number): Lack | null {
  return typeof value === 'string' && [...value].length > max ? { key: 'long', n: max } : null
}

/** What a form lacks, by the code of the field. */
export function lacking(fields: readonly FormField[], values: FormValues): Record<string, Lack> {
  const out: Record<string, Lack> = {}
  for (const field of fields) {
    if (!asked(field, values)) continue
    const lack = lackOf(field, values[field.code])
    if (lack) out[field.code] = lack
  }
  return out
}

/** What is sent: only what is asked and filled; files by their hash; empty lines of a table left out. */
export function toSend(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.code]
    if (!asked(field, values) || isBlank(value)) continue
    if (field.kind === 'rows') {
      const rows = (value as FormValues[]).map((row) => toSend(field.fields ?? [], row)).filter((row) => Object.keys(row).length > 0)
      if (rows.length) out[field.code] = rows
    } else if (field.kind === 'files' || field.kind === 'photos') {
      out[field.code] = (value as { sha256: string }[]).map((file) => file.sha256)
    } else if (typeof value === 'string') out[field.code] = value.trim()
    else out[field.code] = value
  }
  return out
}

/** Whether anything was written that would be a pity to lose. */
export function isWritten(values: FormValues): boolean {
  return Object.values(values).some((value) => !isBlank(value))
}

/** A number as a person types it: grouping signs, full-width digits and a Chinese point are understood. */
export function readNumber(text: string): number | null | undefined {
  const plain = text.normalize('NFKC').replace(/[,\s_，]/g, '').replace('。', '.')
  if (plain === '') return null
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : undefined
}

/** Two numbers of a place in one text, as maps copy them: `118.0213, 36.8031`. Latitude first is understood where it must be. */
export function readPoint(text: string): Point | null {
  const match = /^\s*([+-]?\d+(?:\.\d+)?)\s*[,，\s/;；]\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(text.normalize('NFKC'))
  if (!match) return null
  const [first, second] = [Number(match[1]), Number(match[2])]
  const point = Math.abs(second) > 90 ? { lon: second, lat: first } : { lon: first, lat: second }
  return Math.abs(point.lon) <= 180 && Math.abs(point.lat) <= 90 ? point : null
}

const DISTRICT = '+08:00'
/** An instant for a `datetime-local` field, by the district's clock. */
export function toLocal(instant: string | null | undefined): string {
  if (!instant) return ''
  const at = Date.parse(instant)
  return Number.isNaN(at) ? '' : new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)
}
/** What a `datetime-local` field says, as an instant with the district's offset. */
export function fromLocal(text: string): string | null {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? `${text.slice(0, 16)}:00${DISTRICT}` : null
}
