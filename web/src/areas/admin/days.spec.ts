import { describe, expect, it } from 'vitest'
import { runs } from './days'

describe('runs of days', () => {
  it('joins days over the end of a month and drops doubles', () => {
    expect(runs(['2026-02-01', '2026-01-31', '2026-01-31', '2026-05-01'])).toEqual([
      { from: '2026-01-31', to: '2026-02-01', days: 2 },
      { from: '2026-05-01', to: '2026-05-01', days: 1 },
    ])
  })
})
