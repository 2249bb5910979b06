import { describe, expect, it } from 'vitest'
import type { Duty, Evidence, FactView } from '@/api/types'
import { stages } from './stages'

const person = { id: 'p', login: 'a', name: '安委办' }
const org = { id: 'o', name: '东街街道', kind: 'town' as const }

function evidence(state: Evidence['state'], filed: string, reviewed?: string): Evidence {
  return {
    id: filed, kind: 'file', happened: filed.slice(0, 10), filed_at: filed, by: person, org, state, note: '', files: [], actions: [],
    review: reviewed ? { by: person, at: reviewed, note: '' } : null,
  }
}

function duty(change: Partial<Duty>): Duty {
  const fact = { seq: 3, actor: person, recorded: '2026-01-15T10:00:00+08:00' } as FactView
  return { light: 'in-time', evidence: [], story: [{ ...fact, seq: 9, recorded: 'later' }, fact], waiver: null, ...change } as Duty
}

function states(d: Duty) {
  return stages(d).map((s) => `${s.key} ${s.state}`)
}

describe('the progress line', () => {
  it('begins with the publication and waits for the unit', () => {
    const line = stages(duty({}))
    expect(line[0]).toMatchObject({ who: '安委办', at: '2026-01-15T10:00:00+08:00' })
    expect(states(duty({}))).toEqual(['assigned past', 'filed now', 'reviewed ahead', 'done ahead'])
  })

  it('waits for the reviewer while evidence is unread', () => {
    const d = duty({ evidence: [evidence('submitted', '2026-02-02T08:00:00+08:00'), evidence('returned', '2026-02-01T08:00:00+08:00', '2026-02-01T09:00:00+08:00')] })
    expect(states(d)).toEqual(['assigned past', 'filed past', 'reviewed now', 'done ahead'])
    expect(stages(d)[2]!.who).toBeNull()
  })

  it('goes back to the unit when the evidence was sent back', () => {
    const d = duty({ evidence: [evidence('returned', '2026-02-01T08:00:00+08:00', '2026-02-01T09:00:00+08:00')] })
    expect(states(d)).toEqual(['assigned past', 'filed now', 'reviewed past', 'done ahead'])
  })

  it('ends when done, and does not count withdrawn evidence', () => {
    const d = duty({ light: 'done', evidence: [evidence('withdrawn', '2026-02-03T08:00:00+08:00'), evidence('accepted', '2026-02-01T08:00:00+08:00', '2026-02-02T09:00:00+08:00')] })
    expect(states(d)).toEqual(['assigned past', 'filed past', 'reviewed past', 'done past'])
    expect(stages(d)[1]!.at).toBe('2026-02-01T08:00:00+08:00')
    expect(stages(d)[3]!.at).toBe('2026-02-02T09:00:00+08:00')
  })

  it('ends with a waiver', () => {
    const d = duty({ light: 'waived', waiver: { reason: '机构撤并', by: person, at: '2026-03-01T09:00:00+08:00' } })
    expect(states(d)).toEqual(['assigned past', 'filed ahead', 'reviewed ahead', 'waived past'])
  })
})
