import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { useDraft } from './draft'

beforeEach(() => localStorage.clear())
const kept = (): string | null => localStorage.getItem('anlan:draft:k')
const begin = () => ({ text: '' })

test('a draft is kept when the tab is closed in the middle of a word', async () => {
  const scope = effectScope()
  const draft = scope.run(() => useDraft('k', begin))!
  draft.value.value.text = '会议'
  await nextTick()
  expect(kept()).toBeNull()
  window.dispatchEvent(new Event('pagehide'))
  expect(kept()).toBe('{"text":"会议"}')
  scope.stop()
  const again = effectScope().run(() => useDraft('k', begin))!
  expect(again.value.value.text).toBe('会议')
  expect(again.restored.value).toBe(true)
})

test('what has been sent is forgotten and does not come back', async () => {
  const scope = effectScope()
  const draft = scope.run(() => useDraft('k', begin))!
  draft.value.value.text = '会议'
  await nextTick()
  draft.clear()
  await nextTick()
  scope.stop()
  expect(kept()).toBeNull()
  expect(draft.value.value.text).toBe('')
})

test('a spoiled or forbidden store does not break the page', async () => {
  localStorage.setItem('anlan:draft:k', '{broken')
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => { throw new DOMException('full', 'QuotaExceededError') })
  const scope = effectScope()
  const draft = scope.run(() => useDraft('k', begin))!
  expect(draft.restored.value).toBe(false)
  draft.value.value.text = '会议'
  await nextTick()
  expect(() => scope.stop()).not.toThrow()
  full.mockRestore()
})
