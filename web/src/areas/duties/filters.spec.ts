import { describe, expect, it } from 'vitest'
import { countActive, fromQuery, intoGroup, monthRange, toParams, toQuery } from './filters'

describe('filters of the duty list', () => {
  it('survive the way through the address', () => {
    const query = {
      notice: 'n1',
      article: '6',
      under: 'o-town',
      light: 'open',
      due_from: '2026-01-01',
      due_to: '2026-03-31',
      mine: 'true',
      q: '演练',
      sort: '-due',
      view: 'article',
    }
    expect(toQuery(fromQuery(query))).toEqual(query)
  })

  it('are the plain list when the address says nothing', () => {
    expect(toQuery(fromQuery({}))).toEqual({})
    expect(countActive(fromQuery({ sort: '-due', view: 'month' }))).toBe(0)
  })

  it('forget what they do not understand', () => {
    const filters = fromQuery({ article: 'six', light: 'purple', step: 'reminder', due_from: 'soon', sort: 'x;drop', view: 'wall' })
    expect(toQuery(filters)).toEqual({ step: 'reminder' })
  })

  it('send neither layout nor empty words to the server', () => {
    expect(toParams(fromQuery({ q: '  ', view: 'org', waiting: 'true' }))).toEqual({ waiting: 'true' })
  })

  it('open the list behind a bar', () => {
    const base = fromQuery({ view: 'month', mine: 'true' })
    expect(toQuery(intoGroup(base, '2024-02'))).toEqual({ mine: 'true', due_from: '2024-02-01', due_to: '2024-02-29' })
    expect(toQuery(intoGroup({ ...base, view: 'org' }, 'o1'))).toEqual({ mine: 'true', org: 'o1' })
    expect(toQuery(intoGroup({ ...base, view: 'town', org: 'o1' }, 't1'))).toEqual({ mine: 'true', under: 't1' })
    expect(toQuery(intoGroup({ ...base, view: 'article' }, 'n1#7'))).toEqual({ mine: 'true', notice: 'n1', article: '7' })
    expect(toQuery(intoGroup({ ...base, view: 'article', notice: 'n2' }, '7'))).toEqual({
      mine: 'true',
      notice: 'n2',
      article: '7',
    })
  })

  it('know the length of months', () => {
    expect(monthRange('2026-12')).toEqual({ from: '2026-12-01', to: '2026-12-31' })
    expect(monthRange('2026-13')).toBeNull()
    expect(monthRange('none')).toBeNull()
  })
})
