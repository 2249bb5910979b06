// What changes on the server changes on open pages. One tab per browser holds the connection (a browser
// opens only six per host over HTTP/1.1) and tells the others.
import type { QueryClient } from '@tanstack/vue-query'
import { readonly, ref } from 'vue'
import { address } from './client'
import type { LiveFact } from './types'

export type LiveState = 'off' | 'connecting' | 'live'
type Listener = (facts: LiveFact[]) => void

/** Milliseconds during which the answers on a page that has just been opened are taken as new. */
const FRESH = 4_000

const stateRef = ref<LiveState>('off')
export const liveState = readonly(stateRef)

const listeners = new Set<Listener>()
/** Calls back with new facts, at most four times a second. Returns the way to stop. */
export function onFacts(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let waiting: LiveFact[] = []
let timer: number | undefined
let lastSeq = -1

function deliver(): void {
  timer = undefined
  const facts = waiting
  waiting = []
  for (const listener of listeners) listener(facts)
}

/** Takes one fact in; those already seen are dropped. */
export function take(fact: LiveFact): void {
  if (fact.seq <= lastSeq) return
  lastSeq = fact.seq
  waiting.push(fact)
  timer ??= window.setTimeout(deliver, 250)
}

type Said = { fact: LiveFact } | { state: LiveState } | { hello: true }

/** Opens the stream until the returned function is called. */
export function follow(queries: QueryClient): () => void {
  let source: EventSource | undefined
  let retry: number | undefined
  let wait = 1_000
  let stopped = false
  let begun = Date.now()
  let release: (() => void) | undefined
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('anlan-live')

  // Pages that are open ask again; a query can opt out with `meta: { live: false }`.
  const again = (): void => {
    begun = 0
    void queries.invalidateQueries({ predicate: (query) => query.meta?.live !== false })
  }
  const stop = onFacts(again)

  const setState = (state: LiveState): void => {
    stateRef.value = state
    channel?.postMessage({ state } satisfies Said)
  }

  const open = (): void => {
    if (stopped) return
    setState('connecting')
    // The browser resumes by itself with Last-Event-ID; after a connection made anew every page asks again.
    source = new EventSource(address('/events'))
    source.addEventListener('hello', () => {
      wait = 1_000
      setState('live')
      // Something may have been missed, unless the page itself has only just asked.
      if (Date.now() - begun > FRESH) again()
    })
    // Too much was missed to be told one by one.
    source.addEventListener('reset', () => {
      setState('live')
      again()
    })
    source.addEventListener('fact', (event) => {
      const fact = JSON.parse((event as MessageEvent<string>).data) as LiveFact
      channel?.postMessage({ fact } satisfies Said)
      take(fact)
    })
    source.addEventListener('error', () => {
      setState('connecting')
      if (source?.readyState === EventSource.CLOSED && !stopped) {
        retry = window.setTimeout(open, wait)
        wait = Math.min(wait * 2, 30_000)
      }
    })
  }

  channel?.addEventListener('message', (event: MessageEvent<Said>) => {
    if ('fact' in event.data) take(event.data.fact)
    else if ('state' in event.data) {
      const back = event.data.state === 'live' && stateRef.value !== 'live'
      stateRef.value = event.data.state
      if (back && Date.now() - begun > FRESH) again()
    }
    // A tab that has just opened asks how things are.
    else if (source) channel.postMessage({ state: stateRef.value } satisfies Said)
  })

  if (channel && 'locks' in navigator) {
    stateRef.value = 'connecting'
    channel.postMessage({ hello: true } satisfies Said)
    const abort = new AbortController()
    let leave: (() => void) | undefined
    void navigator.locks.request('anlan-live', { signal: abort.signal }, () => {
      open()
      return new Promise<void>((resolve) => { leave = resolve })
    }).catch(() => { /* given up before it was our turn */ })
    release = () => { abort.abort(); leave?.() }
  } else {
    open()
  }

  return () => {
    stopped = true
    stop()
    source?.close()
    window.clearTimeout(retry)
    release?.()
    channel?.close()
    stateRef.value = 'off'
  }
}
