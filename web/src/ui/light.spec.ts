import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { Light } from '@/api/types'
import LightBar from './LightBar.vue'
import LightTag from './LightTag.vue'
import { LIGHTS, noCounts, SHAPE, tone } from './light'

test('a light is told by word and shape, never by colour alone', () => {
  for (const light of LIGHTS) {
    const tag = mount(LightTag, { props: { light } })
    expect(tag.text()).not.toBe('')
    expect(tag.text()).not.toContain('light.')
    expect(tag.find('path').attributes('d')).toBe(SHAPE[light])
  }
  expect(mount(LightTag, { props: { light: 'overdue' } }).text()).toBe('已逾期')
})

test.each<[Light, number | null, string]>([
  ['overdue', -1, 'red'], ['due-soon', 3, 'orange'], ['due-soon', 4, 'yellow'], ['due-soon', null, 'orange'], ['in-time', 30, 'blue'],
  ['done', 0, 'quiet'], ['done-late', 0, 'quiet'], ['standing', null, 'faint'], ['cancelled', null, 'faint'],
])('%s with %s days left is %s', (light, days, colour) => {
  expect(tone(light, days)).toBe(colour)
})

test('the bar reads its counts aloud and its parts fill it', () => {
  const bar = mount(LightBar, { props: { label: '东街街道', counts: { ...noCounts(), overdue: 1, done: 3, waived: 2, total: 6 } } })
  expect(bar.attributes('aria-label')).toBe('东街街道: 已逾期 1，已完成 3，已免除 2')
  expect(bar.findAll('.bar > span').map((part) => part.attributes('style'))).toEqual(['width: 25%;', 'width: 75%;'])
})

test('an empty bar has no parts and does not divide by nothing', () => {
  expect(mount(LightBar, { props: { counts: noCounts() } }).findAll('.bar > span')).toHaveLength(0)
})
