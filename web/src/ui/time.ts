// Instants as people read them. An instant carries the district's own offset (+08:00), so its wall clock
// is read from the text and does not depend on where the browser stands.

/** `2026-03-05 14:02` */
export function stamp(instant: string | null | undefined): string {
  return instant ? `${instant.slice(0, 10)} ${instant.slice(11, 16)}` : ''
}
/** `2026-03-05` */
export function day(instant: string | null | undefined): string {
  return instant ? instant.slice(0, 10) : ''
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago (or ahead) an instant is, as a word key and a number for it. */
export function since(instant: string, now: number): { key: string; n: number } {
  const gap = now - Date.parse(instant)
  const span = Math.abs(gap)
  const side = gap >= 0 ? 'ago' : 'ahead'
  if (span < MINUTE) return { key: 'ui.time.now', n: 0 }
  if (span < HOUR) return { key: `ui.time.minutes_${side}`, n: Math.floor(span / MINUTE) }
  if (span < DAY) return { key: `ui.time.hours_${side}`, n: Math.floor(span / HOUR) }
  return { key: `ui.time.days_${side}`, n: Math.floor(span / DAY) }
}

/** Whole days from the district's today to a date; negative when past. */
export function daysTo(date: string, now: number): number {
  const today = Math.floor((now + 8 * HOUR) / DAY)
  return Math.round(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / DAY) - today
}

/** Bytes with a unit. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
