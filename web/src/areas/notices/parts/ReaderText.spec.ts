import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { Characters } from '../highlight'
import type { Mark } from '../highlight'
import ReaderText from './ReaderText.vue'

const characters = new Characters('（一）在𠮷村。每半年至少召开1次会议，年底前报告。\n\n\n\n完')
const marks: Mark[] = [
  { kind: 'article', span: [0, 6], target: 'article:1' },
  { kind: 'demand', span: [7, 25], target: 'demand:a01-1' },
  { kind: 'recurrence', span: [7, 15], target: 'demand:a01-1' },
]

function reader(change: Record<string, unknown> = {}) {
  return mount(ReaderText, {
    props: { characters, marks, active: null, spot: null, hidden: [], ...change },
    attachTo: document.body,
  })
}

afterEach(() => {
  document.body.innerHTML = ''
  window.getSelection()?.removeAllRanges()
})

describe('the text of a notice', () => {
  it('keeps every word and shrinks long gaps', () => {
    const wrapper = reader()
    expect(wrapper.findAll('p').map((p) => p.text())).toEqual(['（一）在𠮷村。每半年至少召开1次会议，年底前报告。', '', '完'])
  })

  it('opens the card of the innermost thing, by mouse and by keyboard', async () => {
    const wrapper = reader()
    await wrapper.get('.k-recurrence').trigger('click')
    await wrapper.get('[role="button"]').trigger('keydown', { key: 'Enter' })
    await wrapper.get('.k-article').trigger('click')
    expect(wrapper.emitted('open')).toEqual([['demand:a01-1'], ['demand:a01-1'], ['article:1']])
  })

  it('stops once for each demand when one goes through it by Tab', () => {
    const wrapper = reader()
    expect(wrapper.findAll('[tabindex="0"]').map((e) => e.text())).toEqual(['每半年至少召开1'])
  })

  it('shows the current demand, and only that', async () => {
    const wrapper = reader()
    await wrapper.setProps({ active: 'demand:a01-1' })
    expect(wrapper.findAll('[data-on]').map((e) => e.text()).join('')).toBe('每半年至少召开1次会议，年底前报告。')
    await wrapper.setProps({ active: 'article:1' })
    expect(wrapper.findAll('[data-on]').map((e) => e.text())).toEqual(['（一）在𠮷村'])
  })

  it('takes a style away when the legend switches it off', async () => {
    const wrapper = reader()
    await wrapper.setProps({ hidden: ['recurrence'] })
    expect(wrapper.find('.k-recurrence').exists()).toBe(false)
    expect(wrapper.find('.k-demand').exists()).toBe(true)
  })

  it('tells a selection in characters of the text', async () => {
    const wrapper = reader()
    const run = wrapper.get('.k-article').element.firstChild!
    const range = document.createRange()
    // From before the wide character, which takes two UTF-16 units, to the end of the run.
    range.setStart(run, 4)
    range.setEnd(run, 7)
    const selection = window.getSelection()!
    selection.removeAllRanges()
    selection.addRange(range)
    await wrapper.get('.reader-text').trigger('mouseup')
    expect(wrapper.emitted('select')?.at(-1)).toEqual([[4, 6]])
    expect(characters.slice(4, 6)).toBe('𠮷村')
  })
})
