const DAY = 86_400_000

/** A run of days that follow each other. */
export interface DayRun { from: string; to: string; days: number }

/** Dates joined into runs: seven single days of a holiday become one line. */
export function runs(dates: string[]): DayRun[] {
  const out: DayRun[] = []
  for (const date of [...new Set(dates)].sort()) {
    const last = out.at(-1)
    if (last && Date.parse(date) - Date.parse(last.to) === DAY) {
      last.to = date
      last.days++
    } else {
      out.push({ from: date, to: date, days: 1 })
    }
  }
  return out
}
