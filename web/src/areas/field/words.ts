// How records are named.
import { district } from './clock'
import type { FieldRecord } from './types'

export function clock(instant: number | null): string {
  return instant === null ? '' : district(instant)
}
/** The first words of a record; what it is when nothing was written. */
export function headline(record: FieldRecord, t: (key: string) => string): string {
  const what = typeof record.values.what === 'string' ? record.values.what.trim() : ''
  return what || t(`field.kinds.${record.kind}`)
}
