// How people work on loops: fill in a form, take a move, look at its line and its story.
import assert from 'node:assert/strict'
import { settled } from './stage.mjs'

export const PLANT = '示例·岚峰化工'
/** A day of the district's calendar, `n` days from now. */
export const day = (n) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10)
/** So that words are found again among those of other scenes. */
export const mark = () => Math.random().toString(36).slice(2, 8)

/** A photo that nobody took before, with something to see on it. */
export async function photo(page, words) {
  const data = await page.evaluate((words) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 360 })
    const pen = canvas.getContext('2d')
    pen.fillStyle = `hsl(${Math.floor(Math.random() * 360)} 45% 45%)`
    pen.fillRect(0, 0, 480, 360)
    pen.fillStyle = 'white'
    pen.font = '32px sans-serif'
    pen.fillText(words, 24, 180)
    pen.fillText(String(Math.random()), 24, 240)
    return canvas.toDataURL('image/jpeg').split(',')[1]
  }, words)
  return { name: `${words}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(data, 'base64') }
}

/** Hands files to the field of that name and waits until they are stored. */
export async function attach(where, label, ...files) {
  const field = where.getByRole('group', { name: label })
  await field.locator('input[type="file"]').last().setInputFiles(files)
  for (const file of files) await field.getByRole('button', { name: new RegExp(file.name.replaceAll('.', '\\.')) }).waitFor()
}

/** Chooses a unit by part of its name. */
export async function unit(where, label, name) {
  const field = where.getByLabel(label, { exact: true })
  await field.click()
  await field.pressSequentially(name)
  await (where.page?.() ?? where).locator('.n-base-select-option').filter({ hasText: name }).first().click()
}

export const choose = (where, label, word) => where.getByRole('group', { name: label }).getByRole('radio', { name: word, exact: true }).check()
export const fill = (where, label, text) => where.getByLabel(label).fill(text)

/** Opens the form of a move. */
export async function begin(page, name) {
  await page.getByRole('region', { name: '我可以办理' }).getByRole('button', { name, exact: true }).click()
  const form = page.getByRole('dialog', { name, exact: true })
  await form.waitFor()
  return form
}
/** Sends it and waits until the page says so. */
export async function send(page, form, name) {
  await form.getByRole('contentinfo').or(form.locator('footer')).first().getByRole('button', { name, exact: true }).click()
  await form.waitFor({ state: 'detached' })
  await page.getByText(`已完成：${name}`).first().waitFor()
}
/** One move from button to message. */
export async function move(page, name, act = async () => {}) {
  const form = await begin(page, name)
  await act(form)
  await send(page, form, name)
}

/** The step of the line at which the loop stands. */
export async function stands(page, state) {
  await page.getByRole('list', { name: '办理进程' }).locator('li[aria-current="step"]').filter({ hasText: state }).waitFor()
}
export const story = (page) => page.getByRole('region', { name: '全程记录' }).getByRole('listitem')

/** Opens a loop and waits until it is there. */
export async function visit(page, id) {
  await page.goto(`/loops/${id}`)
  await settled(page)
}
/** The id in the address of the page. */
export function idOf(page) {
  const id = /\/loops\/([^/?#]+)/.exec(page.url())?.[1]
  assert.ok(id && id !== 'new', `no loop at ${page.url()}`)
  return id
}

/** Registers a hazard through its form; gives the loop's id. */
export async function hazard(page, { org = PLANT, what, source = '监督检查', photos = [] }) {
  await page.goto('/loops/new?kind=hazard')
  await settled(page)
  await unit(page, '责任单位', org)
  await fill(page, /^隐患描述/, what)
  await choose(page, /^发现方式/, source)
  if (photos.length) await attach(page, /^现场照片/, ...photos)
  await page.getByRole('button', { name: '登记隐患' }).click()
  await page.waitForURL(/\/loops\/(?!new)/)
  await settled(page)
  return idOf(page)
}

/** What a scene needs but does not look at: made over the API by the one who is signed in at `page`. */
export async function tell(page, route, data) {
  const answer = await page.request.post(`/api/v1${route}`, { headers: { 'X-Anlan': '1' }, data })
  assert.ok(answer.ok(), `POST ${route}: ${answer.status()} ${(await answer.text()).slice(0, 300)}`)
  return answer.json()
}
export const registered = (page, what, org = 'ent-sample-huagong') => tell(page, '/loops', { kind: 'hazard', org, values: { what, source: 'inspection' } })
export const done = (page, loop, code, values) => tell(page, `/loops/${loop.id}/commands`, { expected_version: loop.version, command: { name: 'move', code, values } })
export const major = { grade: 'major', criterion: 'hazchem-3', criterion_basis: '外部安全防护距离不足' }
