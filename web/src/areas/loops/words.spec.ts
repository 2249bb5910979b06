import { expect, it } from 'vitest'
import { whoAndWhere } from './words'

it('names a person and his unit once', () => {
  expect(whoAndWhere('监管员', { id: 'o', name: '区应急局', kind: 'department' })).toBe('监管员 · 区应急局')
  expect(whoAndWhere('示例·岚峰化工 主要负责人', { id: 'o', name: '示例·岚峰化工有限公司', kind: 'enterprise' })).toBe('示例·岚峰化工 主要负责人')
  expect(whoAndWhere(null, '区应急局')).toBe('区应急局')
  expect(whoAndWhere('', null)).toBe('')
})
