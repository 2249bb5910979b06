// Which units to offer: those whose names match; with nothing typed, one's own, the last ones, the nearest.
import type { Point } from '@/ui/form/types'
import { metres } from './position'
import type { Unit } from './types'

export interface Offered { unit: Unit; away: number | null }
const SHOWN = 8

export function offered(units: readonly Unit[], words: string, here: Point | null, recent: readonly string[]): Offered[] {
  const away = (unit: Unit): number | null => (here && unit.place ? metres(here, unit.place) : null)
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const far = Number.POSITIVE_INFINITY
  if (wanted.length) {
    const starts = (unit: Unit): number => (unit.name.startsWith(words.trim()) || unit.short.startsWith(words.trim()) ? 0 : 1)
    return units
      .filter((unit) => wanted.every((word) => unit.name.toLowerCase().includes(word) || unit.short.toLowerCase().includes(word)))
      .map((unit) => ({ unit, away: away(unit) }))
      .sort((a, b) => starts(a.unit) - starts(b.unit) || (a.away ?? far) - (b.away ?? far) || a.unit.name.length - b.unit.name.length)
      .slice(0, SHOWN)
  }
  const first = recent.map((id) => units.find((unit) => unit.id === id)).filter((unit): unit is Unit => unit !== undefined)
  const near = here ? units.filter((unit) => unit.place && (unit.kind === 'enterprise' || unit.kind === 'village') && !first.includes(unit)).sort((a, b) => metres(here, a.place!) - metres(here, b.place!)) : []
  return [...first, ...near].slice(0, SHOWN).map((unit) => ({ unit, away: away(unit) }))
}
