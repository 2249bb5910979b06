import { QueryClient } from '@tanstack/vue-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { follow, liveState, onFacts, take } from './live'
import type { LiveFact } from './types'

class Stream extends EventTarget {
  static CLOSED = 2
  static all: Stream[] = []
  readyState = 1
  constructor(readonly url: string) { super(); Stream.all.push(this) }
  close(): void { this.readyState = 2 }
  say(type: string, data: unknown): void { this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) })) }
}
const fact = (seq: number): LiveFact => ({ seq, kind: 'duty.x', stream: 's', org: null, zh: '', en: '', recorded: '' })

beforeEach(() => {
  vi.useFakeTimers()
  Stream.all = []
  vi.stubGlobal('EventSource', Stream)
  vi.stubGlobal('BroadcastChannel', undefined)
})
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals() })

test('facts come in bundles, and one seen before is not told twice', () => {
  const heard: number[][] = []
  const stop = onFacts((facts) => heard.push(facts.map((one) => one.seq)))
  take(fact(1)); take(fact(2)); take(fact(2)); take(fact(1))
  expect(heard).toEqual([])
  vi.advanceTimersByTime(250)
  take(fact(3))
  vi.advanceTimersByTime(250)
  expect(heard).toEqual([[1, 2], [3]])
  stop()
})

test('open pages ask again when something happened; a lost connection is made anew and they ask again', () => {
  const queries = new QueryClient()
  const again = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue()
  const stop = follow(queries)
  const first = Stream.all[0]!
  first.say('hello', {})
  expect(liveState.value).toBe('live')
  expect(again).not.toHaveBeenCalled()

  first.say('fact', fact(10))
  vi.advanceTimersByTime(250)
  expect(again).toHaveBeenCalledTimes(1)

  first.readyState = 2
  first.dispatchEvent(new Event('error'))
  expect(liveState.value).toBe('connecting')
  vi.advanceTimersByTime(1_000)
  expect(Stream.all[1]!.url).toBe('/api/v1/events')
  Stream.all[1]!.say('hello', {})
  expect(liveState.value).toBe('live')
  expect(again).toHaveBeenCalledTimes(2)

  Stream.all[1]!.say('reset', {})
  expect(again).toHaveBeenCalledTimes(3)

  stop()
  expect(liveState.value).toBe('off')
  expect(Stream.all[1]!.readyState).toBe(2)
})
