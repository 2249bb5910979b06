import { expect, it } from 'vitest'
import { ageRange, countActive, fromQuery, inOrder, intoGroup, NEAREST, toParams, toQuery } from './filters'

it('an address read and written again is the same, and nonsense is left out', () => {
  const query = { kind: 'hazard', grade: 'major', stage: 'open', light: 'overdue', town: 't1', mine: 'true', q: '氨', from: '2026-01-01', age_min: '31', sort: '-opened' }
  expect(toQuery(fromQuery(query))).toEqual(query)
  expect(toQuery(fromQuery({ stage: 'asleep', light: 'green', from: 'yesterday', age_min: '-1', sort: 'weight', mine: '1' }))).toEqual({})
})

it('the order is not a filter, nor is the kind counted as one', () => {
  const filters = fromQuery({ kind: 'hazard', sort: 'org', q: ' ' })
  expect(toParams(filters)).toEqual({ kind: 'hazard' })
  expect(countActive(filters)).toBe(0)
  expect(fromQuery({}).sort).toBe(NEAREST)
})

it('every group opens its list', () => {
  const base = { kind: 'hazard', grade: 'major', stage: 'open' as const }
  expect(toQuery(intoGroup(base, 'town', 't1'))).toEqual({ ...base, town: 't1' })
  expect(toQuery(intoGroup({ kind: 'hazard' }, 'age', '8-30'))).toEqual({ kind: 'hazard', stage: 'open', age_min: '8', age_max: '30' })
  expect(ageRange('91+')).toEqual({ age_min: '91' })
  expect(toQuery(intoGroup({ kind: 'hazard' }, 'month', '2028-02'))).toEqual({ kind: 'hazard', from: '2028-02-01', to: '2028-02-29' })
  expect(toQuery(intoGroup({ state: 'found' }, 'state', 'hazard#graded'))).toEqual({ kind: 'hazard', state: 'graded' })
})

it('groups stand as they are read', () => {
  const group = (key: string, open: number) => ({ key, open, total: open })
  expect(inOrder([group('31-90', 9), group('91+', 1), group('0-7', 2)], 'age').map((one) => one.key)).toEqual(['0-7', '31-90', '91+'])
  expect(inOrder([group('hazard#graded', 1), group('hazard#closed', 0), group('hazard#found', 4)], 'state', ['found', 'graded', 'closed']).map((one) => one.key)).toEqual(['hazard#found', 'hazard#graded', 'hazard#closed'])
  expect(inOrder([group('t1', 1), group('t2', 5)], 'town').map((one) => one.key)).toEqual(['t2', 't1'])
})
