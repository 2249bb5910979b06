import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { NMessageProvider } from 'naive-ui'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { forget } from '@/api/session'
import type { Me } from '@/api/types'
import SignIn from './SignIn.vue'

const person: Me = { person: { id: 'p', login: 'office', name: '经办人' }, positions: [], org: null, commands: [], areas: ['inbox'], must_change_password: false, totp: false, now: '2026-03-18T09:30:00+08:00' }
const meta = { version: '0.1.0', district: '示例区', demo: false, languages: ['zh-CN', 'en'] }
let answers: Record<string, () => Response>
let sent: { path: string; body: Record<string, unknown> }[]
const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status })
const problem = (status: number, type: string, title: string, more = {}): Response => json({ type: `anlan:${type}`, title, detail: title, status, ...more }, status)

beforeEach(() => {
  sent = []
  answers = { 'GET /meta': () => json(meta), 'GET /session': () => problem(401, 'sign-in/needed', '请先登录') }
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const path = url.replace('/api/v1', '')
    if (init.body) sent.push({ path, body: JSON.parse(init.body as string) as Record<string, unknown> })
    return (answers[`${init.method} ${path}`] ?? (() => problem(404, 'not-found', '没有')))()
  })
})
afterEach(() => { forget(); vi.useRealTimers(); vi.unstubAllGlobals(); document.body.innerHTML = '' })

async function open(at = '/sign-in') {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/sign-in', component: SignIn }, { path: '/:rest(.*)*', component: { render: () => null } }] })
  await router.push(at)
  const page = mount({ render: () => h(NMessageProvider, () => h(SignIn)) }, { attachTo: document.body, global: { plugins: [router] } })
  await flushPromises()
  return { page, router }
}
async function fill(page: VueWrapper, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.get(`input[name="${name}"]`).setValue(value)
  await page.get('form').trigger('submit')
  await flushPromises()
}

test('a wrong password is said as the server says it; the right one goes back to where the person wanted to be', async () => {
  const { page, router } = await open('/sign-in?to=/duties/d1')
  answers['POST /session'] = () => problem(401, 'sign-in/wrong', '账号或密码不正确')
  await fill(page, { login: ' office ', password: 'x' })
  expect(page.get('[role=alert]').text()).toContain('账号或密码不正确')
  answers['POST /session'] = () => json(person)
  await fill(page, { password: 'right-1234' })
  expect(sent.at(-1)).toEqual({ path: '/session', body: { login: 'office', password: 'right-1234' } })
  expect(router.currentRoute.value.fullPath).toBe('/duties/d1')
})

test('an address of another site is not followed', async () => {
  const { page, router } = await open('/sign-in?to=//elsewhere.example/')
  answers['POST /session'] = () => json(person)
  await fill(page, { login: 'office', password: 'right-1234' })
  expect(router.currentRoute.value.fullPath).toBe('/inbox')
})

test('the second step is asked for only when the server wants it', async () => {
  const { page } = await open()
  expect(page.find('input[name=code]').exists()).toBe(false)
  answers['POST /session'] = () => problem(401, 'sign-in/code-needed', '需要动态验证码')
  await fill(page, { login: 'admin', password: 'right-1234' })
  expect(page.find('[role=alert]').exists()).toBe(false)
  answers['POST /session'] = () => json(person)
  await fill(page, { code: '123456' })
  expect(sent.at(-1)?.body).toEqual({ login: 'admin', password: 'right-1234', code: '123456' })
})

test('a locked account counts down and cannot be tried meanwhile', async () => {
  const { page } = await open()
  answers['POST /session'] = () => problem(429, 'sign-in/locked', '尝试次数过多', { retry_after: 20 })
  await fill(page, { login: 'office', password: 'x' })
  expect(page.get('button[type=submit]').text()).toContain('20 秒')
  const tries = sent.length
  await page.get('form').trigger('submit')
  expect(sent).toHaveLength(tries)
})

test('a one-time password must be changed before anything else', async () => {
  const { page, router } = await open()
  answers['POST /session'] = () => json({ ...person, must_change_password: true })
  await fill(page, { login: 'office', password: 'once-1234' })
  expect(page.text()).toContain('请先设置自己的密码')
  expect(router.currentRoute.value.path).toBe('/sign-in')
  answers['POST /session/password'] = () => json(person)
  await fill(page, { new: 'river-and-sea-9', again: 'river-and-sea-8' })
  expect(page.text()).toContain('两次输入的新密码不一致')
  expect(sent.some((one) => one.path === '/session/password')).toBe(false)
  await fill(page, { again: 'river-and-sea-9' })
  expect(sent.at(-1)).toEqual({ path: '/session/password', body: { old: 'once-1234', new: 'river-and-sea-9' } })
  expect(router.currentRoute.value.path).toBe('/inbox')
})
