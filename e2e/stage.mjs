// Browsers, people at them, and what is kept of a test that failed.
import AxeBuilder from '@axe-core/playwright'
import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { chromium } from 'playwright-core'
import { OUT, PASSWORD } from './program.mjs'

export { PASSWORD }
export const BASE = process.env.ANLAN_URL
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** The longest a person waits for one thing; only failures last so long. */
const PATIENCE_MS = 20_000

let browser
const states = new Map()
const open = []

async function chrome() {
  browser ??= await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  return browser
}
after(async () => { await browser?.close() })

/** A browser of somebody's own, not signed in. Complaints of its pages are collected in `page.complaints`. */
export async function stranger({ width = 1440, height = width < 600 ? 844 : 900, theme = 'light', locale = 'zh', base = BASE, storageState } = {}) {
  const context = await (await chrome()).newContext({ baseURL: base, viewport: { width, height }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', storageState, acceptDownloads: true })
  context.setDefaultTimeout(PATIENCE_MS)
  // Only a first visit is told what to look like; what the person chooses later stays.
  await context.addInitScript(({ theme, locale }) => {
    if (!localStorage.getItem('anlan:theme')) localStorage.setItem('anlan:theme', theme)
    if (!localStorage.getItem('anlan:locale')) localStorage.setItem('anlan:locale', locale)
  }, { theme, locale })
  const page = await context.newPage()
  page.complaints = []
  // A refusal of the server (4xx) is printed by the browser too; what the page makes of it is tested by itself.
  page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) page.complaints.push(message.text()) })
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  page.on('response', (response) => { if (response.status() >= 500) page.complaints.push(`${response.status()} ${response.request().method()} ${response.url()}`) })
  open.push(page)
  return page
}

export async function signIn(page, login, password = PASSWORD) {
  await page.goto('/sign-in')
  await page.getByLabel(/^(账号|Account)$/).fill(login)
  await page.getByLabel(/^(密码|Password)$/).fill(password)
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click()
}

/** A page at which `login` is signed in. The way through the form is taken once a file, then remembered. */
export async function as(login, looks = {}) {
  const base = looks.base ?? BASE
  const key = `${base} ${login}`
  if (!states.has(key)) {
    const page = await stranger({ base })
    await signIn(page, login)
    await page.waitForURL((url) => url.pathname !== '/sign-in')
    await page.getByRole('navigation').first().waitFor()
    const { cookies } = await page.context().storageState()
    states.set(key, { cookies, origins: [] })
    await close(page)
  }
  return stranger({ ...looks, storageState: states.get(key) })
}

export async function close(page) {
  open.splice(open.indexOf(page), 1)
  await page.context().close()
}

/** A test that leaves pictures, pages and the server's log behind when it fails. */
export function scene(name, act) {
  test(name, { timeout: 600_000 }, async (t) => {
    try {
      await act(t)
      for (const page of open) assert.deepEqual(page.complaints, [], `the browser complained at ${page.url()}`)
    } catch (error) {
      const folder = path.join(OUT, `failed-${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}`)
      mkdirSync(folder, { recursive: true })
      for (const [i, page] of open.entries()) {
        await page.screenshot({ path: path.join(folder, `${i}.png`), fullPage: true, timeout: 10_000 }).catch(() => {})
        writeFileSync(path.join(folder, `${i}.html`), `<!-- ${page.url()} -->\n${await page.content().catch(String)}`)
        appendFileSync(path.join(folder, 'complaints.txt'), page.complaints.map((line) => `${i} ${line}\n`).join(''))
      }
      const log = process.env.ANLAN_LOG_FILE
      if (log && existsSync(log)) copyFileSync(log, path.join(folder, 'server.log'))
      throw error
    } finally {
      while (open.length) await open.pop().context().close()
    }
  })
}

/** Keeps a picture for people to look at. */
export async function picture(page, name) {
  await page.screenshot({ path: path.join(OUT, `${name}.png`) })
}

/** Nothing that axe calls serious or critical. */
export async function accessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const bad = violations.filter((one) => one.impact === 'serious' || one.impact === 'critical')
  assert.deepEqual(bad.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`), [], `axe at ${where}`)
}

/** The page is settled: nothing is being read and the list of rows, if any, is filled. */
export async function settled(page) {
  await page.getByRole('main').waitFor()
  await page.waitForFunction(() => {
    const main = document.querySelector('main')
    if (!main || main.querySelector('[aria-busy="true"], .ghost, .n-button--loading')) return false
    return !/^(正在|Loading|Reading)/m.test(main.innerText) && main.innerText.trim() !== ''
  })
  await page.evaluate(() => document.fonts.ready)
}

/** Answers of the API as the signed-in person sees them. */
export async function api(page, route) {
  const answer = await page.request.get(`/api/v1${route}`)
  assert.equal(answer.status(), 200, `GET ${route}: ${answer.status()} ${(await answer.text()).slice(0, 300)}`)
  return answer.json()
}

/** Downloads by pressing `button`; gives name and path of the file. */
export async function downloaded(page, press) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  const file = path.join(OUT, download.suggestedFilename())
  await download.saveAs(file)
  return { name: download.suggestedFilename(), file }
}
