// What is kept on the device: encrypted with a key of the person's own that cannot be taken out of the browser. A copy
// of the browser's files tells when something was recorded and how large it is, and nothing of what it says.
import type { FieldRecord } from './types'

export interface Vault {
  /** False when the page was opened without a safe connection: then nothing outlives the page. */
  readonly lasting: boolean
  records(): Promise<FieldRecord[]>
  put(record: FieldRecord): Promise<void>
  /** Forgets a record and its files. */
  drop(id: string): Promise<void>
  putFile(record: string, id: string, bytes: ArrayBuffer): Promise<void>
  file(id: string): Promise<ArrayBuffer | null>
  dropFile(id: string): Promise<void>
  /** What the server last said, and when. */
  known<T>(name: string): Promise<{ value: T; at: number } | null>
  know(name: string, value: unknown): Promise<void>
  forgetKnown(): Promise<void>
}

const NAME = 'anlan-field'
interface Sealed { iv: Uint8Array<ArrayBuffer>; body: ArrayBuffer }
interface RecordRow extends Sealed { id: string; person: string; order: number }
interface FileRow extends Sealed { id: string; person: string; record: string }
interface KnownRow extends Sealed { id: string; person: string; at: number }

/** The vault of a person; one that lives in the page's memory where the browser gives no other. */
export async function openVault(person: string): Promise<Vault> {
  if (typeof indexedDB === 'undefined' || typeof crypto.subtle === 'undefined') return memoryVault()
  try {
    const db = await open()
    return sealedVault(db, person, await keyOf(db, person))
  } catch {
    // A private window may forbid it.
    return memoryVault()
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => {
      const db = request.result
      db.createObjectStore('keys')
      db.createObjectStore('records', { keyPath: 'id' }).createIndex('person', 'person')
      db.createObjectStore('files', { keyPath: 'id' }).createIndex('record', 'record')
      db.createObjectStore('known', { keyPath: 'id' }).createIndex('person', 'person')
    }
    request.onsuccess = () => resolve(request.result)
    request.addEventListener('error', () => reject(request.error ?? new Error('indexedDB')))
    request.addEventListener('blocked', () => reject(new Error('indexedDB blocked')))
  })
}

type Store = 'keys' | 'records' | 'files' | 'known'
/** One transaction; done when it is on the disk. */
function within<T>(db: IDBDatabase, stores: Store[], mode: IDBTransactionMode, work: (tx: IDBTransaction) => IDBRequest<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const tx = db.transaction(stores, mode)
    const request = work(tx)
    tx.oncomplete = () => resolve(request?.result)
    tx.addEventListener('abort', () => reject(tx.error ?? new Error('indexedDB')))
    tx.addEventListener('error', () => reject(tx.error ?? new Error('indexedDB')))
  })
}

async function keyOf(db: IDBDatabase, person: string): Promise<CryptoKey> {
  const get = (): Promise<CryptoKey | undefined> => within<CryptoKey | undefined>(db, ['keys'], 'readonly', (tx) => tx.objectStore('keys').get(person) as IDBRequest<CryptoKey | undefined>)
  const kept = await get()
  if (kept) return kept
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Two pages may begin at once: the first key stays.
  await within(db, ['keys'], 'readwrite', (tx) => {
    const store = tx.objectStore('keys')
    const before = store.getKey(person)
    before.onsuccess = () => { if (before.result === undefined) store.add(fresh, person) }
    return undefined
  })
  return (await get()) ?? fresh
}

function sealedVault(db: IDBDatabase, person: string, key: CryptoKey): Vault {
  const text = new TextEncoder()
  // What is sealed is bound to where it lies, so that one cannot be put in another's place.
  const bound = (at: string): Uint8Array<ArrayBuffer> => text.encode(`${person} ${at}`)
  async function seal(at: string, bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    return { iv, body: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(at) }, key, bytes) }
  }
  function unseal(at: string, sealed: Sealed): Promise<ArrayBuffer> {
    return crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv, additionalData: bound(at) }, key, sealed.body)
  }
  const json = (value: unknown): Uint8Array<ArrayBuffer> => text.encode(JSON.stringify(value))
  const read = <T>(bytes: ArrayBuffer): T => JSON.parse(new TextDecoder().decode(bytes)) as T
  const knownAt = (name: string): string => `${person} ${name}`

  return {
    lasting: true,
    async records() {
      const rows = (await within<RecordRow[]>(db, ['records'], 'readonly', (tx) => tx.objectStore('records').index('person').getAll(person) as IDBRequest<RecordRow[]>)) ?? []
      const all = await Promise.all(rows.map(async (row) => read<FieldRecord>(await unseal(`record ${row.id}`, row))))
      return all.sort((a, b) => a.order - b.order)
    },
    async put(record) {
      const row: RecordRow = { id: record.id, person, order: record.order, ...(await seal(`record ${record.id}`, json(record))) }
      await within(db, ['records'], 'readwrite', (tx) => tx.objectStore('records').put(row))
    },
    async drop(id) {
      await within(db, ['records', 'files'], 'readwrite', (tx) => {
        tx.objectStore('records').delete(id)
        const files = tx.objectStore('files')
        const keys = files.index('record').getAllKeys(id)
        keys.onsuccess = () => { for (const one of keys.result) files.delete(one) }
        return undefined
      })
    },
    async putFile(record, id, bytes) {
      const row: FileRow = { id, person, record, ...(await seal(`file ${id}`, bytes)) }
      await within(db, ['files'], 'readwrite', (tx) => tx.objectStore('files').put(row))
    },
    async file(id) {
      const row = await within<FileRow | undefined>(db, ['files'], 'readonly', (tx) => tx.objectStore('files').get(id) as IDBRequest<FileRow | undefined>)
      return row ? unseal(`file ${id}`, row) : null
    },
    async dropFile(id) {
      await within(db, ['files'], 'readwrite', (tx) => tx.objectStore('files').delete(id))
    },
    async known<T>(name: string) {
      const row = await within<KnownRow | undefined>(db, ['known'], 'readonly', (tx) => tx.objectStore('known').get(knownAt(name)) as IDBRequest<KnownRow | undefined>)
      return row ? { value: read<T>(await unseal(`known ${name}`, row)), at: row.at } : null
    },
    async know(name, value) {
      const row: KnownRow = { id: knownAt(name), person, at: Date.now(), ...(await seal(`known ${name}`, json(value))) }
      await within(db, ['known'], 'readwrite', (tx) => tx.objectStore('known').put(row))
    },
    async forgetKnown() {
      await within(db, ['known'], 'readwrite', (tx) => {
        const store = tx.objectStore('known')
        const keys = store.index('person').getAllKeys(person)
        keys.onsuccess = () => { for (const one of keys.result) store.delete(one) }
        return undefined
      })
    },
  }
}

function memoryVault(): Vault {
  const records = new Map<string, string>()
  const files = new Map<string, { record: string; bytes: ArrayBuffer }>()
  const known = new Map<string, { value: unknown; at: number }>()
  return {
    lasting: false,
    records: async () => [...records.values()].map((one) => JSON.parse(one) as FieldRecord).sort((a, b) => a.order - b.order),
    put: async (record) => { records.set(record.id, JSON.stringify(record)) },
    drop: async (id) => {
      records.delete(id)
      for (const [key, file] of files) if (file.record === id) files.delete(key)
    },
    putFile: async (record, id, bytes) => { files.set(id, { record, bytes }) },
    file: async (id) => files.get(id)?.bytes ?? null,
    dropFile: async (id) => { files.delete(id) },
    known: async <T>(name: string) => (known.get(name) as { value: T; at: number } | undefined) ?? null,
    know: async (name, value) => { known.set(name, { value, at: Date.now() }) },
    forgetKnown: async () => known.clear(),
  }
}
