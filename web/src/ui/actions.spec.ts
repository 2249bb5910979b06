import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { ApiError } from '@/api/client'
import ActionButton from './ActionButton.vue'
import ConfirmRead from './ConfirmRead.vue'
import ErrorNote from './ErrorNote.vue'

afterEach(() => { document.body.innerHTML = '' })

test('a button that cannot be pressed says why, stays reachable, and does nothing', async () => {
  const button = mount(ActionButton, { props: { action: { name: 'waive', refusal: { code: 'no-right', zh: '只有区安委办可以免除', en: 'Only the safety office may waive' } } }, slots: { default: '免除' } })
  const element = button.get('button')
  expect(element.attributes('disabled')).toBeUndefined()
  expect(element.attributes('aria-disabled')).toBe('true')
  expect(button.get(`[id="${element.attributes('aria-describedby')}"]`).text()).toBe('只有区安委办可以免除')
  await element.trigger('click')
  expect(button.emitted('press')).toBeUndefined()
})

test('a button that can be pressed is pressed; one that is busy is not', async () => {
  const button = mount(ActionButton, { props: { action: { name: 'remind', refusal: null } }, slots: { default: '催办' } })
  await button.get('button').trigger('click')
  expect(button.emitted('press')).toHaveLength(1)
  await button.setProps({ busy: true })
  await button.get('button').trigger('click')
  expect(button.emitted('press')).toHaveLength(1)
  expect(mount(ActionButton, { props: { action: null } }).find('button').exists()).toBe(false)
})

const refused = new ApiError({ type: 'anlan:stale', title: '内容已被他人修改', zh_detail: '请刷新后重试。', detail: 'Someone else has changed this.', status: 409 })

test('an order is read back; when sending fails the window stays and says what to do', async () => {
  const send = vi.fn<() => Promise<void>>().mockRejectedValueOnce(refused).mockResolvedValueOnce()
  const sheet = mount(ConfirmRead, { attachTo: document.body, props: { open: true, title: '请核对', lines: [{ label: '收件单位', value: '东街街道' }], send } })
  await flushPromises()
  const text = (): string => document.body.textContent ?? ''
  expect(text()).toContain('收件单位东街街道')
  const press = async (): Promise<void> => { [...document.body.querySelectorAll('button')].find((one) => one.textContent?.includes('确认'))!.click(); await flushPromises() }
  await press()
  expect(text()).toContain('内容已被他人修改')
  expect(text()).toContain('请刷新后重试')
  expect(sheet.emitted('done')).toBeUndefined()
  await press()
  expect(sheet.emitted('done')).toHaveLength(1)
  expect(sheet.emitted('update:open')).toEqual([[false]])
})

test('an error names its rows and offers to try again', async () => {
  const note = mount(ErrorNote, { props: { retry: true, error: new ApiError({ type: 'anlan:import/rows', title: '有 1 行不对', detail: '1 row is wrong', status: 422, rows: [{ row: 7, column: '经度', message: '不在本区范围内' }] }) } })
  expect(note.get('[role=alert]').text()).toContain('第 7 行 · 经度 — 不在本区范围内')
  await note.get('button').trigger('click')
  expect(note.emitted('retry')).toHaveLength(1)
  expect(mount(ErrorNote, { props: { error: null } }).text()).toBe('')
})
