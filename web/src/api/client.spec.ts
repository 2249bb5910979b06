import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { address, ApiError, del, get, idempotencyKey, post, whenSignedOut } from './client'

const fetching = vi.fn<typeof fetch>()
beforeEach(() => vi.stubGlobal('fetch', fetching))
afterEach(() => { vi.unstubAllGlobals(); fetching.mockReset(); whenSignedOut(() => {}) })
const answer = (status: number, body: string, type = 'application/json'): Response => new Response(body, { status, headers: { 'Content-Type': type } })
const problem = (status: number, body: object): Response => answer(status, JSON.stringify(body), 'application/problem+json')
const caught = (promise: Promise<unknown>): Promise<ApiError> => promise.then(() => { throw new Error('went through') }, (error: ApiError) => error)

test('empty filters are left out of the address', () => {
  expect(address('/duties', { q: '演练', light: '', mine: false, waiting: true, org: undefined, limit: 50 })).toBe('/api/v1/duties?q=%E6%BC%94%E7%BB%83&waiting=true&limit=50')
})

test('every request says it comes from the portal; a POST carries a key so that it counts once', async () => {
  fetching.mockImplementation(async () => answer(200, '{}'))
  await post('/duties/{id}/commands', { expected_version: 1, command: { name: 'remind' } }, { id: 'd 1' }, 'k')
  await get('/inbox')
  expect(fetching.mock.calls[0]?.[0]).toBe('/api/v1/duties/d%201/commands')
  const sent = fetching.mock.calls.map(([, init]) => init?.headers as Record<string, string>)
  expect(sent[0]).toMatchObject({ 'X-Anlan': '1', 'Idempotency-Key': 'k', 'Content-Type': 'application/json' })
  expect(sent[1]?.['Idempotency-Key']).toBeUndefined()
  expect(idempotencyKey()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

test('a problem document becomes an error in both languages', async () => {
  fetching.mockResolvedValueOnce(problem(429, { type: 'anlan:sign-in/locked', title: '尝试次数过多', detail: 'Too many attempts', zh_detail: '请稍后再试。', retry_after: 20, status: 429 }))
  const error = await caught(post('/session', { login: 'office', password: 'x' }))
  expect(error.is('sign-in/locked')).toBe(true)
  expect([error.text('zh'), error.text('en'), error.retryAfter, error.zhDetail]).toEqual(['尝试次数过多', 'Too many attempts', 20, '请稍后再试。'])
})

test('no connection, a proxy\'s page and nothing at all are worded too', async () => {
  fetching.mockRejectedValueOnce(new TypeError('failed'))
  expect((await caught(get('/inbox'))).is('offline')).toBe(true)
  fetching.mockResolvedValueOnce(answer(502, '<html>bad gateway</html>', 'text/html'))
  expect((await caught(get('/inbox'))).is('offline')).toBe(true)
  fetching.mockResolvedValueOnce(answer(500, ''))
  expect((await caught(get('/inbox'))).text('zh')).toContain('500')
})

test('the shell hears when nobody is signed in, and not on a wrong password', async () => {
  const gone = vi.fn()
  whenSignedOut(gone)
  fetching.mockResolvedValueOnce(problem(401, { type: 'anlan:sign-in/wrong', title: 'x', detail: 'x', status: 401 }))
  await caught(post('/session', { login: 'office', password: 'x' }))
  expect(gone).not.toHaveBeenCalled()
  fetching.mockResolvedValueOnce(problem(401, { type: 'anlan:sign-in/needed', title: 'x', detail: 'x', status: 401 }))
  await caught(get('/inbox'))
  expect(gone).toHaveBeenCalledTimes(1)
})

test('an empty answer is fine', async () => {
  fetching.mockResolvedValueOnce(new Response(null, { status: 204 }))
  await expect(del('/session', undefined)).resolves.toBeUndefined()
})
