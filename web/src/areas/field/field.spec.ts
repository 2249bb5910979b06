import { expect, test } from 'vitest'
import type { InboxItem } from '@/api/types'
import { metres } from './position'
import { bodyOf, passing } from './send'
import { nearest } from './today'
import type { FieldRecord, Unit } from './types'
import { offered } from './units'

const record = (part: Partial<FieldRecord>): FieldRecord => ({
  id: 'r', person: 'p', kind: 'hazard', state: 'waiting', order: 1, key: 'k', tried: true, made: Date.UTC(2026, 2, 5, 6, 30), place: { lon: 112.8, lat: 35.5 }, accuracy: 9,
  org: { id: 'ent-a', name: 'A' }, values: { what: ' 通道堵塞 ', source: 'patrol', spot: '' }, refusal: null, loop: null,
  files: [{ id: '1', name: 'a.jpg', type: 'image/jpeg', size: 1, into: 'photos', sha256: 'aa' }, { id: '2', name: 'b.webm', type: 'audio/webm', size: 1, into: 'voice', sha256: 'bb' }, { id: '3', name: 'c.jpg', type: 'image/jpeg', size: 1, into: 'photos', sha256: null }],
  ...part,
})

test('what is posted carries the time and place of the recording and only files that arrived', () => {
  expect(bodyOf(record({}))).toEqual({ kind: 'hazard', org: 'ent-a', happened: '2026-03-05T06:30:00.000Z', place: { lon: 112.8, lat: 35.5 }, values: { what: '通道堵塞', source: 'patrol', photos: ['aa'], attachments: ['bb'] } })
  const accident = bodyOf(record({ kind: 'accident', place: null, values: { class: 'incident' } }))
  expect(accident).toMatchObject({ values: { class: 'incident', voice: ['bb'] } })
  expect(accident).not.toHaveProperty('place')
})

test('only what another try may change is tried again', () => {
  expect([0, 408, 429, 500, 503].map(passing)).toEqual([true, true, true, true, true])
  expect([400, 403, 404, 409, 413, 415, 422].some(passing)).toBe(false)
})

test('units: the last ones and the nearest without a word, matches with one', () => {
  const unit = (id: string, name: string, lon: number | null, kind = 'enterprise'): Unit => ({ id, name, short: name, kind, place: lon === null ? null : { lon, lat: 35.5 } })
  const all = [unit('far', '远山煤矿', 113.5), unit('near', '近水化工', 112.81), unit('dept', '应急局', 112.8, 'department'), unit('lost', '化工仓储', null)]
  const here = { lon: 112.8, lat: 35.5 }
  expect(offered(all, '', here, ['lost']).map((one) => one.unit.id)).toEqual(['lost', 'near', 'far'])
  expect(offered(all, '化工', here, []).map((one) => one.unit.id)).toEqual(['lost', 'near'])
  expect(metres(here, { lon: 112.8, lat: 35.509 })).toBeCloseTo(1_001, -1)
})

test('what is overdue first, then the nearest deadline, then what has none', () => {
  const item = (id: string, part: Partial<InboxItem>): InboxItem => ({ id, kind: 'loop', title: id, detail: '', org: { id: 'o', name: 'o', kind: 'grid' }, light: 'in-time', link: '/', ...part }) as InboxItem
  const list = [item('none', {}), item('day', { due: '2026-03-06' }), item('hour', { due_at: '2026-03-06T09:00:00+08:00' }), item('late', { due: '2026-03-09', light: 'overdue' as InboxItem['light'] })]
  expect(nearest(list).map((one) => one.id)).toEqual(['late', 'hour', 'day', 'none'])
})
