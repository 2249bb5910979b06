import { describe, expect, it } from 'vitest'
import type { FormField } from './types'
import { asked, fromLocal, lacking, lackOf, readNumber, readPoint, toLocal, toSend } from './values'

function field(code: string, kind: FormField['kind'], more: Partial<FormField> = {}): FormField {
  return { code, zh: code, en: code, kind, need: 'may', ...more }
}
const file = { sha256: 'aa', name: '1.jpg', size: 3, media_type: 'image/jpeg' }

describe('which fields are asked', () => {
  const when = field('criterion', 'criterion', { need: 'when', when: { field: 'grade', values: ['major'] } })
  it('one that hangs on another only with its values', () => {
    expect(asked(when, {})).toBe(false)
    expect(asked(when, { grade: 'general' })).toBe(false)
    expect(asked(when, { grade: 'major' })).toBe(true)
  })
  it('one that hangs on a yes, or on one of many', () => {
    expect(asked(field('x', 'text', { need: 'when', when: { field: 'hurt', values: ['true'] } }), { hurt: true })).toBe(true)
    expect(asked(field('x', 'text', { need: 'when', when: { field: 'hurt', values: ['true'] } }), { hurt: false })).toBe(false)
    expect(asked(field('x', 'text', { need: 'may-when', when: { field: 'kinds', values: ['b'] } }), { kinds: ['a', 'b'] })).toBe(true)
  })
  it('what is not asked is neither lacking nor sent', () => {
    expect(lacking([when], { grade: 'general' })).toEqual({})
    expect(lacking([when], { grade: 'major' })).toEqual({ criterion: { key: 'need_pick' } })
    expect(toSend([field('grade', 'choice'), when], { grade: 'general', criterion: 'left over' })).toEqual({ grade: 'general' })
  })
})

describe('what is lacking', () => {
  it('a must that is blank, and no and nought are not blank', () => {
    expect(lackOf(field('a', 'text', { need: 'must' }), '  ')).toEqual({ key: 'need' })
    expect(lackOf(field('a', 'flag', { need: 'must' }), false)).toBeNull()
    expect(lackOf(field('a', 'number', { need: 'must' }), 0)).toBeNull()
    expect(lackOf(field('a', 'photos', { need: 'must' }), [])).toEqual({ key: 'need_file' })
  })
  it('numbers within their bounds, whole where they must be', () => {
    const people = field('n', 'number', { min: 0, max: 100, whole: true })
    expect(lackOf(people, 'drei')).toEqual({ key: 'number' })
    expect(lackOf(people, 2.5)).toEqual({ key: 'whole' })
    expect(lackOf(people, -1)).toEqual({ key: 'least', n: 0 })
    expect(lackOf(people, 101)).toEqual({ key: 'most', n: 100 })
    expect(lackOf(people, 100)).toBeNull()
  })
  it('a text that is too long, counted in characters', () => {
    expect(lackOf(field('t', 'text'), '𠀀'.repeat(200))).toBeNull()
    expect(lackOf(field('t', 'text'), '字'.repeat(201))).toEqual({ key: 'long', n: 200 })
  })
  it('lines of a table: empty ones do not count, a bad one is named', () => {
    const rows = field('penalties', 'rows', { need: 'must', fields: [field('who', 'choice', { need: 'must' }), field('amount', 'number')] })
    expect(lackOf(rows, [{}])).toEqual({ key: 'need_row' })
    expect(lackOf(rows, [{ who: 'unit' }, {}])).toBeNull()
    expect(lackOf(rows, [{ who: 'unit' }, { amount: 3 }])).toEqual({ key: 'row', n: 2 })
    expect(toSend([rows], { penalties: [{ who: 'unit', amount: 3 }, {}, { who: '' }] })).toEqual({ penalties: [{ who: 'unit', amount: 3 }] })
  })
})

it('files are sent by their hash, texts without blanks around them', () => {
  expect(toSend([field('p', 'photos'), field('t', 'text'), field('n', 'number'), field('f', 'flag')], { p: [file], t: ' x ', n: 0, f: false })).toEqual({ p: ['aa'], t: 'x', n: 0, f: false })
})

it('reads numbers as people type them', () => {
  expect(readNumber('1,200.5')).toBe(1200.5)
  expect(readNumber('１２')).toBe(12)
  expect(readNumber('')).toBeNull()
  expect(readNumber('12人')).toBeUndefined()
  expect(readNumber('1e9')).toBeUndefined()
})

it('reads a pasted point in either order where the order is certain', () => {
  expect(readPoint('118.02, 36.8')).toEqual({ lon: 118.02, lat: 36.8 })
  expect(readPoint('36.8，118.02')).toEqual({ lon: 118.02, lat: 36.8 })
  expect(readPoint('118.02')).toBeNull()
})

it('an hour is the district\'s, wherever the browser stands', () => {
  expect(fromLocal('2026-03-05T14:02')).toBe('2026-03-05T14:02:00+08:00')
  expect(toLocal('2026-03-05T06:02:00Z')).toBe('2026-03-05T14:02')
  expect(fromLocal('')).toBeNull()
})
