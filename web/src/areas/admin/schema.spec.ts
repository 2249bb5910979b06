import { describe, expect, it } from 'vitest'
import { fieldsOf, shown } from './schema'

describe('fields of a schema', () => {
  it('have both names, type, whether needed, and choices', () => {
    const fields = fieldsOf({
      required: ['trade'],
      properties: {
        trade: { type: 'string', title: '行业', 'x-en': 'Trade', enum: ['煤矿', '工贸', null] },
        built: { type: ['string', 'null'], format: 'date', title: '建成日期' },
        odd: true,
      },
    })
    expect(fields).toEqual([
      { name: 'trade', zh: '行业', en: 'Trade', type: 'choice', required: true, options: ['煤矿', '工贸'] },
      { name: 'built', zh: '建成日期', en: '建成日期', type: 'date', required: false, options: [] },
      { name: 'odd', zh: 'odd', en: 'odd', type: 'string', required: false, options: [] },
    ])
    expect(fieldsOf({})).toEqual([])
  })

  it('show their values as people read them', () => {
    expect([null, true, false, 0, '甲', ['甲', true], { a: 1 }].map((v) => shown(v, '是', '否'))).toEqual(['', '是', '否', '0', '甲', '甲、是', '{"a":1}'])
  })
})
