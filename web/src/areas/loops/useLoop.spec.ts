import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { ApiError } from '@/api/client'
import { take } from '@/api/live'
import * as server from './server'
import type { LoopView } from './types'
import { useLoop } from './useLoop'

let shown: { unmount: () => void } | undefined
afterEach(() => { shown?.unmount(); vi.restoreAllMocks(); vi.useRealTimers() })

function page() {
  let used!: ReturnType<typeof useLoop>
  shown = mount(defineComponent({ setup() { used = useLoop(ref('l1')); return () => h('p') } }), { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  return used
}
const loop = (version: number): LoopView => ({ id: 'l1', version, state: 'found' }) as LoopView

it('sends the version that was seen; one that is stale is read afresh and the error is told', async () => {
  const get = vi.spyOn(server, 'getLoop').mockResolvedValueOnce(loop(3)).mockResolvedValue(loop(4))
  const stale = new ApiError({ type: 'anlan:stale', status: 409, title: '刚刚有人办理过', detail: 'stale' })
  const command = vi.spyOn(server, 'commandLoop').mockRejectedValueOnce(stale).mockResolvedValue(loop(5))
  const used = page()
  await flushPromises()
  await expect(used.send({ name: 'watch', on: true })).rejects.toBe(stale)
  expect(get).toHaveBeenCalledTimes(2)
  expect(used.loop.value!.version).toBe(4)
  await used.send({ name: 'watch', on: true })
  expect(command.mock.calls.map((call) => call[1])).toEqual([3, 4])
  expect(used.loop.value!.version).toBe(5)
})

it('reads again when a fact of the loop is announced, and only then', async () => {
  const get = vi.spyOn(server, 'getLoop').mockResolvedValue(loop(1))
  page()
  await flushPromises()
  vi.useFakeTimers()
  const fact = { kind: 'loop.moved', org: null, zh: '', en: '', recorded: '' }
  take({ ...fact, seq: 1, stream: 'loop/other' })
  await vi.advanceTimersByTimeAsync(300)
  expect(get).toHaveBeenCalledTimes(1)
  take({ ...fact, seq: 2, stream: 'loop/l1' })
  await vi.advanceTimersByTimeAsync(300)
  expect(get).toHaveBeenCalledTimes(2)
})
