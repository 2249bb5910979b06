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

/** What is left until an instant, or how far it is past, in the two units that matter: days and hours, hours and minutes. */
export function left(due: string, now: number): { over: boolean; key: string; a: number; b: number } {
  const gap = Date.parse(due) - now
  const span = Math.abs(gap)
  const over = gap < 0
  if (span >= 3 * DAY) return { over, key: 'days', a: Math.floor(span / DAY), b: 0 }
  if (span >= DAY) return { over, key: 'day_hours', a: Math.floor(span / DAY), b: Math.floor((span % DAY) / HOUR) }
  if (span >= HOUR) return { over, key: 'hour_minutes', a: Math.floor(span / HOUR), b: Math.floor((span % HOUR) / MINUTE) }
  return { over, key: 'minutes', a: Math.floor(span / MINUTE), b: 0 }
}

/** How a running deadline is coloured: red when past, orange within a day, yellow within three. */
export function urgency(due: string, now: number): 'red' | 'orange' | 'yellow' | 'blue' {
  const gap = Date.parse(due) - now
  if (gap < 0) return 'red'
  if (gap <= DAY) return 'orange'
  return gap <= 3 * DAY ? 'yellow' : 'blue'
}

/** Bytes with a unit. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
