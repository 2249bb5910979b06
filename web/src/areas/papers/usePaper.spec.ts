import { beforeEach, expect, test } from 'vitest'
import { effectScope } from 'vue'
import { paperDate, usePaper } from './usePaper'

beforeEach(() => localStorage.clear())
const proposal = () => ({ number: '示安委办〔2026〕3号', blocks: [{ id: 'a', heading: '一、总体情况', text: '平稳。' }] })

test('what was typed stands over the proposal and is there again when the page is opened anew', () => {
  const first = effectScope()
  first.run(() => {
    const paper = usePaper('b:2026-03', proposal)
    expect(paper.touched.value).toBe(false)
    paper.blocks.value = [{ id: 'a', heading: '一、总体情况', text: '偏慢。' }]
  })
  // Leaving the page at once must not lose the last words.
  return Promise.resolve().then(() => {
    first.stop()
    effectScope().run(() => {
      const paper = usePaper('b:2026-03', proposal)
      expect(paper.blocks.value[0]?.text).toBe('偏慢。')
      expect(paper.number.value).toBe('示安委办〔2026〕3号')
      paper.restart()
      expect(paper.blocks.value[0]?.text).toBe('平稳。')
      expect(paper.touched.value).toBe(false)
    })
  })
})

test('dates as officials write them', () => {
  expect(paperDate('2026-03-08')).toBe('2026年3月8日')
})
