import type { LoopLight } from '@/api/types'
import type { ClockView } from './types'

export type ClockState = 'met' | 'met-late' | 'overdue' | 'running' | 'stopped'

/** How one clock stands. A clock that was stopped asks nothing any more, whatever its hour. */
export function clockState(clock: ClockView, now: number): ClockState {
  if (clock.met) return clock.late ? 'met-late' : 'met'
  if (clock.stopped) return 'stopped'
  return clock.fell || Date.parse(clock.due) < now ? 'overdue' : 'running'
}

/** What is due next: of the clocks that run, the nearest. */
export function nextClock(clocks: readonly ClockView[], now: number): ClockView | null {
  const running = clocks.filter((clock) => ['running', 'overdue'].includes(clockState(clock, now)))
  return running.length ? running.reduce((a, b) => (Date.parse(a.due) <= Date.parse(b.due) ? a : b)) : null
}

/** Those that still ask first, nearest first; then what is over, newest first. */
export function sortedClocks(clocks: readonly ClockView[], now: number): ClockView[] {
  const asks = (clock: ClockView): boolean => ['running', 'overdue'].includes(clockState(clock, now))
  return [...clocks].sort((a, b) => Number(asks(b)) - Number(asks(a)) || (asks(a) ? Date.parse(a.due) - Date.parse(b.due) : Date.parse(b.due) - Date.parse(a.due)))
}

/** Whole days left of a loop's deadline, for the shade of its light. Within a day it is none. */
export function daysLeft(due: string | null | undefined, now: number): number | null {
  return due ? Math.floor((Date.parse(due) - now) / 86_400_000) : null
}

/** The light as the page shows it: a deadline that has passed since the answer came is past now, not at the next answer. */
export function lightNow(row: { light: LoopLight; due?: string | null }, now: number): LoopLight {
  return (row.light === 'due-soon' || row.light === 'in-time') && row.due && Date.parse(row.due) < now ? 'overdue' : row.light
}

/** A span of minutes as a word key and a number, for what a photo says of its own time. */
export function minutesWord(minutes: number): { key: string; n: number } {
  const span = Math.abs(minutes)
  if (span < 60) return { key: 'minutes', n: span }
  if (span < 48 * 60) return { key: 'hours', n: Math.round(span / 60) }
  return { key: 'days', n: Math.round(span / 1440) }
}

/** A photo that does not fit what is claimed of it: taken far away, or long before. */
export const FAR_METRES = 500
export const LONG_MINUTES = 24 * 60
export function doubtful(file: { metres_off?: number | null; minutes_off?: number | null }): boolean {
  return (file.metres_off ?? 0) > FAR_METRES || Math.abs(file.minutes_off ?? 0) > LONG_MINUTES
}
