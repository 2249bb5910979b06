// What a light looks like: a word, a shape and a colour, so that no one depends on the colour alone.
import type { Light, LightCounts, LoopLight } from '@/api/types'

export type Tone = 'red' | 'orange' | 'yellow' | 'blue' | 'quiet' | 'faint'

/** In the order in which a person wants to hear of them. */
export const LIGHTS: Light[] = ['overdue', 'due-soon', 'in-time', 'standing', 'done', 'done-late', 'waived', 'cancelled']

/** A duty's lights and a loop's. */
export type AnyLight = Light | LoopLight

/** Orange when three days or fewer are left, yellow before that. */
export function tone(light: AnyLight, daysLeft?: number | null): Tone {
  switch (light) {
    case 'overdue': return 'red'
    case 'due-soon': return daysLeft === null || daysLeft === undefined || daysLeft <= 3 ? 'orange' : 'yellow'
    case 'in-time': return 'blue'
    case 'done':
    case 'done-late':
    case 'closed': return 'quiet'
    default: return 'faint'
  }
}

export const SHAPE: Record<AnyLight, string> = {
  overdue: 'M2 2h12v12H2z',
  'due-soon': 'M8 1.5 15 14.5H1z',
  'in-time': 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z',
  standing: 'M1.5 6h13v4h-13z',
  done: 'M1.5 8.5 4 6l2.8 2.8L12.5 3 15 5.5 6.8 13.7z',
  'done-late': 'M1.5 8.5 4 6l2.8 2.8L12.5 3 15 5.5 6.8 13.7z',
  none: 'M1.5 6h13v4h-13z',
  closed: 'M1.5 8.5 4 6l2.8 2.8L12.5 3 15 5.5 6.8 13.7z',
  ended: 'M3 3h10v10H3zM5 5v6h6V5z',
  voided: 'M3.5 1.5 8 6l4.5-4.5 2 2L10 8l4.5 4.5-2 2L8 10l-4.500 4.500-2-2L6 8 1.500 3.500z',
  waived: 'M3 3h10v10H3zM5 5v6h6V5z',
  cancelled: 'M3.5 1.5 8 6l4.5-4.5 2 2L10 8l4.5 4.5-2 2L8 10l-4.5 4.5-2-2L6 8 1.5 3.5z',
}

export function noCounts(): LightCounts {
  return { 'in-time': 0, 'due-soon': 0, overdue: 0, done: 0, 'done-late': 0, standing: 0, waived: 0, cancelled: 0, total: 0 }
}
