// Records wait here until they have arrived: sent in the order in which they were made, when the network returns, when
// the portal is opened, and again after a while.
import { computed, ref, shallowRef, watch } from 'vue'
import { asError, idempotencyKey } from '@/api/client'
import { serverNow } from '@/api/clock'
import { me, prove } from '@/api/session'
import { waiting } from './count'
import { deliver } from './send'
import type { FieldFile, FieldRecord, RecordKind } from './types'
import { openVault, type Vault } from './vault'

const FIRST_WAIT = 5_000
const LAST_WAIT = 5 * 60_000
/** So many of those that arrived stay in sight. */
const SENT_KEPT = 10

export const records = shallowRef<FieldRecord[]>([])
export const online = ref(typeof navigator === 'undefined' || navigator.onLine)
/** The record under way. */
export const underWay = ref<string | null>(null)
export const lasting = ref(true)
export const ready = ref(false)
/** Another person is signed in in this browser than the page knows. */
export const other = ref(false)
export const pending = computed(() => records.value.filter((one) => one.state === 'waiting' || one.state === 'refused'))

let person: string | null = null
let vault: Promise<Vault> | null = null
let running = false
let timer: number | undefined
let wait = FIRST_WAIT
let channel: BroadcastChannel | undefined
let started = false

watch(pending, (list) => { waiting.value = list.length })

/** The vault of who is signed in. */
export function theVault(): Promise<Vault> {
  if (!vault) throw new Error('nobody is signed in')
  return vault
}

async function reload(): Promise<void> {
  if (!vault) return
  const whose = person
  const all = await (await vault).records()
  if (whose === person) records.value = all
}
async function changed(): Promise<void> {
  await reload()
  channel?.postMessage('changed')
}

async function begin(id: string | null): Promise<void> {
  if (id === person) return
  const before = vault
  person = id
  ready.value = false
  records.value = []
  window.clearTimeout(timer)
  // Whoever leaves takes what the device knew with him; what he has not sent yet stays, sealed, until he is back.
  if (before) void before.then((kept) => kept.forgetKnown()).catch(() => { /* nothing was kept */ })
  vault = id ? openVault(id) : null
  if (!vault) return
  lasting.value = (await vault).lasting
  await reload()
  ready.value = true
  void send()
}

export function start(): void {
  if (started) return
  started = true
  if (typeof BroadcastChannel !== 'undefined') {
    channel = new BroadcastChannel('anlan-field')
    channel.addEventListener('message', () => void reload())
  }
  window.addEventListener('online', () => { online.value = true; soon() })
  window.addEventListener('offline', () => { online.value = false })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) soon() })
  watch(() => me.value?.person.id ?? null, (id) => void begin(id), { immediate: true })
}

/** Tries at once, whatever the last try met. */
export function soon(): void {
  wait = FIRST_WAIT
  void send()
}

function later(seconds: number | null): void {
  window.clearTimeout(timer)
  timer = window.setTimeout(() => void send(), seconds ? seconds * 1_000 : wait)
  wait = Math.min(wait * 2, LAST_WAIT)
}

/** One page of a browser sends at a time. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work()
  await navigator.locks.request('anlan-outbox', { ifAvailable: true }, async (lock) => {
    if (lock) await work()
    else later(null)
  })
}

async function send(): Promise<void> {
  if (running || !vault || !person) return
  running = true
  window.clearTimeout(timer)
  try {
    await alone(async () => {
      const kept = await theVault()
      await reload()
      if (!records.value.some((one) => one.state === 'waiting')) return
      try {
        // The browser may carry another person's session by now: nothing goes out under a wrong name.
        other.value = (await prove()).person.id !== person
        if (other.value) { later(1); return }
      } catch (cause) {
        if (asError(cause).status !== 401) later(asError(cause).retryAfter)
        return
      }
      for (;;) {
        const next = records.value.find((one) => one.state === 'waiting')
        if (!next) break
        underWay.value = next.id
        const done = await deliver(kept, next)
        await changed()
        if (done.outcome === 'out') return
        if (done.outcome === 'later') { later(done.error?.retryAfter ?? null); return }
      }
      wait = FIRST_WAIT
      const sent = records.value.filter((one) => one.state === 'sent')
      for (const old of sent.slice(0, Math.max(0, sent.length - SENT_KEPT))) await kept.drop(old.id)
      await changed()
    })
  } finally {
    underWay.value = null
    running = false
  }
}

/** Where a record that is being written stands; one of each kind. */
export async function draft(kind: RecordKind, values: FieldRecord['values']): Promise<FieldRecord> {
  await (await theVault()).records().then((all) => { records.value = all })
  return records.value.find((one) => one.state === 'draft' && one.kind === kind) ?? {
    id: idempotencyKey(), person: person!, kind, state: 'draft', order: Date.now(), key: idempotencyKey(), tried: false, made: null, place: null, accuracy: null,
    org: null, values, files: [], refusal: null, loop: null,
  }
}

export async function keep(record: FieldRecord): Promise<void> {
  await (await theVault()).put(record)
  await changed()
}

export async function addFile(record: FieldRecord, file: File, into: FieldFile['into']): Promise<FieldFile> {
  const id = idempotencyKey()
  await (await theVault()).putFile(record.id, id, await file.arrayBuffer())
  return { id, name: file.name, type: file.type, size: file.size, into, sha256: null }
}
export async function openFile(file: FieldFile): Promise<Blob | null> {
  const bytes = await (await theVault()).file(file.id)
  return bytes ? new Blob([bytes], { type: file.type }) : null
}
export async function dropFile(id: string): Promise<void> {
  await (await theVault()).dropFile(id)
}

/** Hands a record over to be sent. One that was refused and changed is a new request. */
export async function dispatch(record: FieldRecord): Promise<void> {
  const again = record.state === 'refused'
  await keep({
    ...record, state: 'waiting', refusal: null, made: record.made ?? serverNow(),
    ...(again ? { key: idempotencyKey(), tried: false } : {}), ...(record.state === 'draft' ? { order: Date.now() } : {}),
  })
  // Asked once, when there is something worth keeping: the browser then does not clear it away when space is short.
  void navigator.storage?.persist?.().catch(() => false)
  soon()
}

/** May still be changed: nothing of it can have arrived. */
export function changeable(record: FieldRecord): boolean {
  return record.state === 'draft' || record.state === 'refused' || (record.state === 'waiting' && !record.tried && underWay.value !== record.id)
}

export async function discard(record: FieldRecord): Promise<void> {
  await (await theVault()).drop(record.id)
  await changed()
}
