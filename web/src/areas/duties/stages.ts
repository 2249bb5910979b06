import type { Duty } from '@/api/types'

/** One point of the line from the notice to the end of a duty. */
export interface Stage {
  key: 'assigned' | 'filed' | 'reviewed' | 'done' | 'waived' | 'cancelled'
  state: 'past' | 'now' | 'ahead'
  who: string | null
  at: string | null
}

/** Who did what and when, as far as the duty has come. */
export function stages(duty: Duty): Stage[] {
  const first = duty.story.length ? duty.story.reduce((a, b) => (a.seq < b.seq ? a : b)) : undefined
  const filed = duty.evidence.filter((e) => e.state !== 'withdrawn').sort((a, b) => b.filed_at.localeCompare(a.filed_at))
  const reviewed = filed.filter((e) => e.review).sort((a, b) => b.review!.at.localeCompare(a.review!.at))
  const waiting = filed.some((e) => e.state === 'submitted')
  const done = duty.light === 'done' || duty.light === 'done-late'
  const ended = duty.light === 'waived' || duty.light === 'cancelled'
  const accepted = reviewed.find((e) => e.state === 'accepted')

  const out: Stage[] = [
    { key: 'assigned', state: 'past', who: first?.actor?.name ?? null, at: first?.recorded ?? null },
    { key: 'filed', state: filed.length ? 'past' : ended || done ? 'ahead' : 'now', who: filed[0]?.org?.name ?? null, at: filed[0]?.filed_at ?? null },
    {
      key: 'reviewed',
      state: waiting && !ended && !done ? 'now' : reviewed.length ? 'past' : 'ahead',
      who: waiting ? null : (reviewed[0]?.review?.by?.name ?? null),
      at: waiting ? null : (reviewed[0]?.review?.at ?? null),
    },
  ]
  if (duty.light === 'waived') {
    out.push({ key: 'waived', state: 'past', who: duty.waiver?.by?.name ?? null, at: duty.waiver?.at ?? null })
  } else if (duty.light === 'cancelled') {
    out.push({ key: 'cancelled', state: 'past', who: null, at: null })
  } else {
    out.push({ key: 'done', state: done ? 'past' : 'ahead', who: null, at: done ? (accepted?.review?.at ?? null) : null })
  }
  // Sent back, or only part of what is needed: it is the unit's turn again.
  if (!done && !ended && !waiting && filed.length) out[1] = { ...out[1]!, state: 'now' }
  return out
}
