// The one place that knows HTTP. Everything else asks here and gets a value or an ApiError.
import type { Answer, Ask, Asked, Body, Path } from './ask'
import type { AttachmentRef, BadRow, Problem } from './types'

export const BASE = '/api/v1'

export type Query = Record<string, string | number | boolean | null | undefined>

/** A refusal or failure, worded for a person in both languages with the next step. */
export class ApiError extends Error {
  readonly status: number
  readonly type: string
  readonly zh: string
  readonly en: string
  readonly zhDetail: string
  readonly retryAfter: number | null
  readonly rows: BadRow[]
  /** The field of a form that is at fault, by its code. */
  readonly field: string | null

  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.name = 'ApiError'
    this.status = problem.status
    this.type = problem.type
    this.zh = problem.title
    this.en = problem.detail
    this.zhDetail = problem.zh_detail ?? ''
    this.retryAfter = problem.retry_after ?? null
    this.rows = problem.rows ?? []
    this.field = problem.field ?? null
  }

  /** True for a type such as `anlan:stale`. */
  is(type: string): boolean {
    return this.type === `anlan:${type}`
  }

  text(locale: string): string {
    return locale.startsWith('zh') ? this.zh || this.en : this.en || this.zh
  }
}

const OFFLINE: Problem = {
  type: 'anlan:offline',
  status: 0,
  title: '连接不上服务器',
  zh_detail: '请检查网络后重试；已填写的内容仍保留在本页。',
  detail: 'The server cannot be reached. Check the network and try again; what you typed is still on this page.',
}

type SignedOut = () => void
let onSignedOut: SignedOut = () => {}

/** What to do when the server says that nobody is signed in. Set once by the shell. */
export function whenSignedOut(then: SignedOut): void {
  onSignedOut = then
}

/** A fresh key, so that a request sent twice counts once. */
export function idempotencyKey(): string {
  // crypto.randomUUID needs a secure context; a district office may serve plain HTTP on its own network.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** `/api/v1` + path, its holes (`{id}`) filled, + query; empty values are left out. */
export function address(path: string, ask: Query = {}): string {
  const search = new URLSearchParams()
  const holes = new Set<string>()
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    holes.add(name)
    return encodeURIComponent(String(ask[name] ?? ''))
  })
  for (const [key, value] of Object.entries(ask)) {
    if (!holes.has(key) && value !== undefined && value !== null && value !== '' && value !== false) search.set(key, String(value))
  }
  const text = search.toString()
  return `${BASE}${filled}${text ? `?${text}` : ''}`
}

function headers(method: string, key?: string): Record<string, string> {
  const out: Record<string, string> = { 'X-Anlan': '1', Accept: 'application/json, application/problem+json' }
  if (method === 'POST') out['Idempotency-Key'] = key ?? idempotencyKey()
  return out
}

function problemOf(status: number, text: string): ApiError {
  try {
    const body = JSON.parse(text) as Partial<Problem>
    if (body && typeof body.title === 'string') {
      return new ApiError({ ...body, type: body.type ?? 'about:blank', title: body.title, detail: body.detail ?? body.title, status })
    }
  } catch {
    // Not JSON: a proxy's page, or nothing at all. Worded below.
  }
  if (status === 502 || status === 503 || status === 504) return new ApiError(OFFLINE)
  return new ApiError({
    type: 'anlan:unexpected',
    status,
    title: `服务器返回了意外的结果（${status}）`,
    zh_detail: '请重试；仍不成功时，请把发生的时间告诉管理员。',
    detail: `The server gave an unexpected answer (${status}). Try again; if it goes on, tell the administrator when it happened.`,
  })
}

function failed(status: number, text: string): ApiError {
  const error = problemOf(status, text)
  if (error.is('sign-in/needed')) onSignedOut()
  return error
}

async function send(method: string, path: string, options: { ask?: Query; body?: unknown; raw?: BodyInit; headers?: Record<string, string>; key?: string; signal?: AbortSignal } = {}): Promise<Response> {
  const sent = { ...headers(method, options.key), ...options.headers }
  let body = options.raw
  if (options.body !== undefined) {
    sent['Content-Type'] = 'application/json'
    body = JSON.stringify(options.body)
  }
  let response: Response
  try {
    response = await fetch(address(path, options.ask), { method, headers: sent, body, credentials: 'same-origin', signal: options.signal })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(OFFLINE)
  }
  if (!response.ok) throw failed(response.status, await response.text())
  return response
}

async function json(response: Response): Promise<unknown> {
  return response.status === 204 ? undefined : response.json()
}

// The path decides what may be asked, sent and expected: see ask.ts. Inside it is all text.

/** `ask`: the holes of the path and the query. */
export async function get<P extends Path<'get'>>(path: P, ...rest: [...ask: Asked<'get', P>, signal?: AbortSignal]): Promise<Answer<'get', P>>
export async function get(path: string, ask?: Query, signal?: AbortSignal): Promise<unknown> {
  return json(await send('GET', path, { ask, signal }))
}
/** `key`: give the same one when the same request is tried again, so that it counts once. */
export async function post<P extends Path<'post'>>(path: P, body: Body<'post', P>, ...rest: [...ask: Asked<'post', P>, key?: string]): Promise<Answer<'post', P>>
export async function post(path: string, body: unknown, ask?: Query, key?: string): Promise<unknown> {
  return json(await send('POST', path, { body: body ?? {}, ask, key }))
}
export async function put<P extends Path<'put'>>(path: P, body: Body<'put', P>, ...ask: Asked<'put', P>): Promise<Answer<'put', P>>
export async function put(path: string, body: unknown, ask?: Query): Promise<unknown> {
  return json(await send('PUT', path, { body, ask }))
}
export async function del<P extends Path<'delete'>>(path: P, body: Body<'delete', P>, ...ask: Asked<'delete', P>): Promise<Answer<'delete', P>>
export async function del(path: string, body: unknown, ask?: Query): Promise<unknown> {
  return json(await send('DELETE', path, { body, ask }))
}
export async function postText<P extends Path<'post'>>(path: P, text: string, ...ask: Asked<'post', P>): Promise<Answer<'post', P>>
export async function postText(path: string, text: string, ask?: Query): Promise<unknown> {
  return json(await send('POST', path, { raw: text, ask, headers: { 'Content-Type': 'text/plain; charset=utf-8' } }))
}

function upload<T>(path: string, body: XMLHttpRequestBodyInit, extra: Record<string, string>, progress?: (share: number) => void): Promise<T> {
  // fetch cannot tell how much has been sent.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    for (const [name, value] of Object.entries({ ...headers('POST'), ...extra })) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) progress?.(event.loaded / event.total)
    })
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as T)
      else reject(failed(request.status, request.responseText))
    })
    request.addEventListener('error', () => reject(new ApiError(OFFLINE)))
    request.addEventListener('abort', () => reject(new ApiError(OFFLINE)))
    request.send(body)
  })
}

/** Sends a file as a form. */
export function postFile<P extends Path<'post'>>(path: P, file: File, ask: Ask<'post', P>, progress?: (share: number) => void): Promise<Answer<'post', P>>
export function postFile(path: string, file: File, ask: Query, progress?: (share: number) => void): Promise<unknown> {
  const form = new FormData()
  form.set('file', file)
  return upload(address(path, ask), form, {}, progress)
}

/** Stores one attachment by its content. */
export function attach(file: File, progress?: (share: number) => void): Promise<AttachmentRef> {
  return upload<AttachmentRef>(address('/attachments'), file, {
    'Content-Type': file.type || 'application/octet-stream',
    'X-Filename': encodeURIComponent(file.name),
  }, progress)
}

/** Stores one attachment of a report from the open pages; `work` is what was done for it. */
export function attachOpen(file: File, work: { token: string; nonce: string }, progress?: (share: number) => void): Promise<AttachmentRef> {
  return upload<AttachmentRef>(address('/public/attachments'), file, {
    'Content-Type': file.type || 'application/octet-stream',
    'X-Filename': encodeURIComponent(file.name),
    'X-Challenge': work.token,
    'X-Nonce': work.nonce,
  }, progress)
}

/** A picture of the exposure board. */
export function openPhotoUrl(sha256: string): string {
  return address('/public/photos/{sha256}', { sha256 })
}

export function attachmentUrl(sha256: string): string {
  return address('/attachments/{sha256}', { sha256 })
}

function nameFrom(response: Response, fallback: string): string {
  const header = response.headers.get('Content-Disposition') ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(header)?.[1] ?? fallback
}

/** Hands bytes to the browser as a file. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Text as a file. */
export function saveText(text: string, name: string, type = 'text/plain'): void {
  save(new Blob([text], { type }), name)
}

async function keep(response: Response, fallback: string): Promise<void> {
  save(await response.blob(), nameFrom(response, fallback))
}
const ANY_FILE = { Accept: '*/*' }

/** Fetches a file and saves it under the server's name. */
export async function download<P extends Path<'get'>>(path: P, fallback: string, ...ask: Asked<'get', P>): Promise<void>
export async function download(path: string, fallback: string, ask?: Query): Promise<void> {
  await keep(await send('GET', path, { ask, headers: ANY_FILE }), fallback)
}
/** Has the server make a file of what is sent, and saves it. */
export async function printed<P extends Path<'post'>>(path: P, fallback: string, body: Body<'post', P>): Promise<void> {
  await keep(await send('POST', path, { body, headers: ANY_FILE }), fallback)
}

/** Any thrown value as an ApiError, so that pages show one kind of error. */
export function asError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause
  return new ApiError({
    type: 'anlan:portal',
    status: 0,
    title: '页面出错了',
    zh_detail: '请刷新页面；已填写的内容保留在本机。',
    detail: `Something went wrong on this page (${String(cause)}). Reload it; what you typed is kept on this machine.`,
  })
}
