import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { h } from 'vue'
import { take } from '@/api/live'
import type { Page } from '@/api/types'
import DataList from './DataList.vue'

interface Row { id: string; name: string }
const ALL: Row[] = Array.from({ length: 100_000 }, (_, i) => ({ id: String(i), name: `第 ${i} 行` }))
type Ask = { limit: number; cursor: string | null; sort: string }
const serve = async ({ limit, cursor }: Ask): Promise<Page<Row>> => {
  const from = Number(cursor ?? 0)
  return { items: ALL.slice(from, from + limit), next: from + limit < ALL.length ? String(from + limit) : null, total: ALL.length }
}
function list(load = vi.fn(serve), more: Record<string, unknown> = {}) {
  const wrapper = mount(DataList<Row>, {
    attachTo: document.body,
    props: { columns: [{ key: 'name', label: '名称', sort: 'name' }], load, label: '清单', rowHeight: 50, ...more },
    slots: { 'cell-name': ({ row }: { row: Row }) => h('span', row.name) },
    global: { stubs: { RouterLink: true } },
  })
  return { wrapper, load }
}
afterEach(() => { document.body.innerHTML = ''; vi.useRealTimers() })
const press = (key: string): boolean => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))

test('of a hundred thousand rows one page is asked for and a windowful is drawn', async () => {
  const { wrapper, load } = list()
  await flushPromises()
  expect(load).toHaveBeenCalledTimes(1)
  expect(wrapper.findAll('.line').length).toBeLessThan(40)
  expect(wrapper.get('[role=table]').attributes('aria-rowcount')).toBe('100000')
  expect(wrapper.get('[role=status]').text()).toContain('共 100000 条')
})

test('scrolling near the end asks for the next page, by the cursor it was given', async () => {
  const { wrapper, load } = list()
  await flushPromises()
  const box = wrapper.get('[role=table]').element
  box.scrollTop = 80 * 50
  await wrapper.get('[role=table]').trigger('scroll')
  await flushPromises()
  expect(load.mock.calls[1]?.[0]).toMatchObject({ cursor: '100' })
})

test('a new question starts anew; an answer to the old one that comes late is dropped', async () => {
  let slow: ((page: Page<Row>) => void) | undefined
  const load = vi.fn(serve).mockImplementationOnce(() => new Promise((resolve) => { slow = resolve }))
  const { wrapper } = list(load)
  await wrapper.setProps({ stamp: 'light=overdue' })
  await flushPromises()
  slow?.({ items: [{ id: 'old', name: '旧的' }], next: null, total: 1 })
  await flushPromises()
  expect(wrapper.text()).not.toContain('旧的')
  expect(wrapper.text()).toContain('第 0 行')
})

test('keys move and open; sorting turns from up to down to none', async () => {
  const { wrapper } = list()
  await flushPromises()
  press('j'); press('j'); press('k')
  await flushPromises()
  expect(wrapper.get('.line.at').text()).toBe('第 0 行')
  const head = wrapper.get('[role=columnheader] button')
  await head.trigger('click')
  await wrapper.setProps({ sort: 'name' })
  expect(wrapper.get('[role=columnheader]').attributes('aria-sort')).toBe('ascending')
  await head.trigger('click')
  await wrapper.setProps({ sort: '-name' })
  await head.trigger('click')
  expect(wrapper.emitted('update:sort')).toEqual([['name'], ['-name'], ['']])
  wrapper.unmount()
})

test('when something happens on the server the list asks again and keeps its place', async () => {
  vi.useFakeTimers()
  const { wrapper, load } = list()
  await vi.advanceTimersByTimeAsync(0)
  load.mockResolvedValueOnce({ items: [{ id: 'new', name: '新来的' }, ...ALL.slice(0, 99)], next: '99', total: 100_001 })
  take({ seq: 900_001, kind: 'duty.evidence-filed', stream: 'd', org: null, zh: '', en: '', recorded: '' })
  await vi.advanceTimersByTimeAsync(300)
  expect(wrapper.text()).toContain('新来的')
  expect(wrapper.get('[role=status]').text()).toContain('100001')
})

test('a failure says what to do and can be tried again', async () => {
  const load = vi.fn(serve).mockRejectedValueOnce(new Error('x'))
  const { wrapper } = list(load)
  await flushPromises()
  await wrapper.get('[role=alert] button').trigger('click')
  await flushPromises()
  expect(wrapper.text()).toContain('第 0 行')
})
