import { describe, expect, it } from 'vitest'
import type { Article, Compiled, Demand } from '@/api/types'
import { Characters } from './highlight'
import { articleAt, headingSpan, marksOf, unitsSpan } from './marks'

const TEXT = '**（一）压实党政\n责任。**每半年至少召开1次专题会议。[区应急局（牵头）、各镇负责]\n'

function article(change: Partial<Article> = {}): Article {
  return {
    no: 1,
    label: '（一）',
    section: null,
    title: '压实党政责任',
    text: '每半年至少召开1次专题会议。',
    span: [2, 44],
    units: ['区应急局', '各镇'],
    unit_mode: '负责',
    inherited_units: [],
    lead_units: [],
    support_units: [],
    ...change,
  }
}

function demand(): Demand {
  return {
    id: 'a01-1',
    article: 1,
    quote: '每半年至少召开1次专题会议',
    span: [16, 29],
    actors: ['区应急局'],
    action: '召开专题会议',
    deadline: null,
    recurrence: { every: 'half-year', at_least: 1 },
    quantity: null,
    each: null,
    on_event: null,
    confidence: 0.9,
    measure: 'times',
    sources: [
      { field: 'recurrence', span: [16, 25], words: '每半年至少召开1次' },
      { field: 'actors', span: [30, 44], words: '区应急局（牵头）、各镇负责' },
      { field: 'action', span: [16, 29], words: '每半年至少召开1次专题会议' },
    ],
  }
}

function compiled(): Compiled {
  return {
    title: '',
    number: null,
    issuer: null,
    date: null,
    year: null,
    draft: false,
    addressees: [],
    sections: [],
    articles: [article()],
    duties: [demand()],
    triggers: [],
    remarks: [],
  }
}

describe('marks of a notice', () => {
  const characters = new Characters(TEXT)

  it('finds a heading that a line break cuts', () => {
    const span = headingSpan(characters, article())
    expect(characters.slice(...span)).toBe('（一）压实党政\n责任')
  })

  it('falls back to a short heading when the title is not in the text', () => {
    expect(headingSpan(characters, article({ title: '别的题目' }))).toEqual([2, 22])
  })

  it('finds the unit brackets around inner brackets', () => {
    const span = unitsSpan(characters, article({ span: [2, TEXT.length] }))
    expect(characters.slice(...span!)).toBe('[区应急局（牵头）、各镇负责]')
  })

  it('marks no units where the article names none', () => {
    expect(unitsSpan(characters, article({ units: [] }))).toBeNull()
  })

  it('marks a field inside its demand, and units of the brackets only once', () => {
    const kinds = marksOf(compiled(), characters, {}).filter((m) => m.kind !== 'markup').map((m) => `${m.kind} ${m.target}`)
    expect(kinds).toEqual(['article article:1', 'units article:1', 'demand demand:a01-1', 'recurrence demand:a01-1'])
  })

  it('takes the colour from a rejected demand', () => {
    const kinds = marksOf(compiled(), characters, { 'a01-1': '重复' }).map((m) => m.kind)
    expect(kinds).toEqual(['markup', 'markup', 'article', 'units'])
  })

  it('finds the signs of Markdown behind wide characters', () => {
    const wide = new Characters('𠮷\n## 二、**粗**')
    const found = marksOf({ ...compiled(), articles: [], duties: [] }, wide, {})
    expect(found.map((m) => wide.slice(...m.span))).toEqual(['## ', '**', '**'])
  })

  it('knows the article a place belongs to', () => {
    expect(articleAt(compiled(), 20)?.no).toBe(1)
    expect(articleAt(compiled(), 0)).toBeUndefined()
  })
})
