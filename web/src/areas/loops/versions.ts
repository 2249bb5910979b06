// Reports of one matter as versions: what each said, and what it changed of what was said before.
import type { Told, ValueView } from './types'

export interface Change { code: string; zh: string; en: string; before: ValueView | null; now: ValueView; same: boolean }
export interface Version { told: Told; changes: Change[] }

/** Moves of an accident that report: 快报, the unit's own, 紧急信息, 续报, 补报, 终报, 更正. */
export const REPORTING: ReadonlySet<string> = new Set(['open', 'unit-report', 'urgent', 'follow-up', 'figures', 'final', 'amend'])

/** How a value reads, for comparison: text, files and lines. */
function said(value: ValueView): string {
  return JSON.stringify([value.text, value.files.map((file) => file.sha256).sort(), (value.rows ?? []).map((row) => row.map((cell) => [cell.code, cell.text]))])
}

/** Each report with what it changed. A field that a later report does not mention stays as it was. */
export function versions(story: readonly Told[], moves: ReadonlySet<string> = REPORTING): Version[] {
  const known = new Map<string, ValueView>()
  return [...story]
    .sort((a, b) => a.seq - b.seq)
    .filter((told) => told.move && moves.has(told.move) && told.values.length > 0)
    .map((told) => ({
      told,
      changes: told.values.filter((value) => value.zh !== '').map((value) => {
        const before = known.get(value.code) ?? null
        known.set(value.code, value)
        return { code: value.code, zh: value.zh, en: value.en, before, now: value, same: before !== null && said(before) === said(value) }
      }),
    }))
}
