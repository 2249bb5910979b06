// Hands in the field: a phone without a network keeps what was seen, and hands it on once, with its own time and place.
import assert from 'node:assert/strict'
import { accessible, api, as, picture, scene, settled } from '../stage.mjs'

/** A picture of one colour, so that each is its own file. */
const photo = (page, colour) => page.evaluate(async (colour) => {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 48
  const pen = canvas.getContext('2d')
  pen.fillStyle = colour
  pen.fillRect(0, 0, 64, 48)
  return canvas.toDataURL('image/jpeg').split(',')[1]
}, colour)

const HERE = { latitude: 35.54812, longitude: 112.87345, accuracy: 12 }
const WHAT = ['东侧消防通道堆放杂物', '配电箱门缺失、线头外露']

async function phone(login, looks = {}) {
  const page = await as(login, { width: 390, ...looks })
  await page.context().grantPermissions(['geolocation'])
  await page.context().setGeolocation(HERE)
  return page
}
/** The shell and what a record needs are on the device. */
async function kept(page) {
  await page.waitForFunction(() => navigator.serviceWorker.ready.then((one) => Boolean(one.active)))
  await page.waitForFunction(async () => {
    const open = (store) => new Promise((resolve) => {
      const request = indexedDB.open('anlan-field')
      request.onsuccess = () => {
        const asked = request.result.transaction(store).objectStore(store).getAllKeys()
        asked.onsuccess = () => { resolve(asked.result.map(String)); request.result.close() }
      }
    })
    const names = (await open('known')).map((key) => key.split(' ').pop())
    return ['kinds', 'units', 'inbox'].every((name) => names.includes(name))
  })
}
async function record(page, { what, colour, unit }) {
  await page.getByRole('link', { name: '拍照上报' }).click()
  const bytes = Buffer.from(await photo(page, colour), 'base64')
  await page.locator('input[type="file"][capture]').first().setInputFiles({ name: `${colour}.jpg`, mimeType: 'image/jpeg', buffer: bytes })
  await page.getByRole('img', { name: `${colour}.jpg` }).waitFor()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('隐患情况').fill(what)
  await page.getByRole('searchbox', { name: '输入单位名称查找' }).fill(unit)
  await page.getByRole('button', { name: new RegExp(unit) }).first().click()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.locator('[data-place]').waitFor()
}
/** A line that was cut on purpose is printed by the browser too; any other complaint still counts. */
function wasCut(page) {
  const rest = page.complaints.filter((line) => !/net::ERR_(?:INTERNET_DISCONNECTED|CONNECTION_RESET|NETWORK_CHANGED)/.test(line))
  page.complaints.splice(0, page.complaints.length, ...rest)
}
/** Everything the device holds, as text. */
const held = (page) => page.evaluate(async () => {
  const db = await new Promise((resolve) => { const request = indexedDB.open('anlan-field'); request.onsuccess = () => resolve(request.result) })
  const out = { text: '', rows: 0, exportable: [] }
  for (const store of db.objectStoreNames) {
    const rows = await new Promise((resolve) => { const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => resolve(asked.result) })
    for (const row of rows) {
      out.rows += 1
      if (row instanceof CryptoKey) { out.exportable.push(row.extractable); continue }
      for (const value of Object.values(row)) out.text += value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder('utf-8').decode(value) : JSON.stringify(value)
    }
  }
  return out
})

scene('a phone without a network records two hazards; both arrive once, with their own time and place', async (t) => {
  const page = await phone('wangge1')
  await page.goto('/')
  await page.getByRole('heading', { level: 1, name: '今日工作' }).waitFor()
  await settled(page)
  await kept(page)
  await picture(page, 'field-today')
  await accessible(page, 'field')

  await page.context().setOffline(true)
  await page.getByText('当前没有网络，照常记录即可').waitFor()
  const times = []
  for (const [i, what] of WHAT.entries()) {
    const from = Date.now()
    await record(page, { what, colour: ['red', 'blue'][i], unit: '岚峰化工' })
    if (i === 0) { await picture(page, 'field-new-offline'); await accessible(page, 'field/new') }
    await page.getByRole('button', { name: '保存，联网后自动上报' }).click()
    await page.getByRole('heading', { level: 1, name: '今日工作' }).waitFor()
    await page.getByRole('heading', { name: `本机待上报 ${i + 1} 条` }).waitFor()
    times.push([from, Date.now()])
  }
  const before = await held(page)
  assert.ok(before.rows >= 8, 'records, pictures, what is known and the key')
  for (const what of [...WHAT, '消防', '岚峰', 'hazard', 'JFIF']) assert.ok(!before.text.includes(what), `“${what}” can be read on the device`)
  assert.deepEqual(before.exportable, [false])

  // The page is opened anew, still without a network.
  await page.reload()
  await page.getByRole('heading', { name: '本机待上报 2 条' }).waitFor()
  await page.getByText(WHAT[1]).waitFor()
  assert.equal(await page.locator('nav .count').first().innerText(), '2')
  await picture(page, 'field-waiting')
  await page.waitForTimeout(2_500)

  const posts = []
  page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/loops')) posts.push(request) })
  const back = Date.now()
  await page.context().setOffline(false)
  await page.getByRole('heading', { name: '已送达' }).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[data-record="sent"]').length === 2 && !document.querySelector('[data-record="waiting"]'))
  assert.deepEqual(posts.map((post) => post.postDataJSON().values.what), WHAT, 'in the order in which they were made')

  // A page that is opened again has nothing left to send.
  await page.reload()
  await page.getByRole('heading', { name: '已送达' }).waitFor()
  const office = await as('anwei')
  for (const [i, what] of WHAT.entries()) {
    const { items } = await api(office, `/loops?kind=hazard&q=${encodeURIComponent(what)}`)
    const mine = items.filter((one) => one.title.includes(what.slice(0, 6)))
    assert.equal(mine.length, 1, `“${what}” arrived ${mine.length} times`)
    const loop = await api(office, `/loops/${mine[0].id}`)
    const happened = Date.parse(loop.happened)
    assert.ok(happened >= times[i][0] - 1_500 && happened <= times[i][1] + 1_500, `happened ${loop.happened}, recorded on the phone ${new Date(times[i][0]).toISOString()}`)
    const told = loop.story.find((one) => one.version === 1) ?? loop.story.at(-1)
    assert.ok(Date.parse(told.recorded) >= back - 1_500 && Date.parse(told.recorded) > happened + 1_000, `recorded ${told.recorded}`)
    assert.ok(Math.abs(loop.place.lon - HERE.longitude) < 1e-5 && Math.abs(loop.place.lat - HERE.latitude) < 1e-5)
    const photos = loop.values.find((one) => one.code === 'photos')
    assert.equal(photos.files.length, 1)
    assert.equal(loop.org.name, '示例·岚峰化工有限公司')
  }
  wasCut(page)
  t.diagnostic(`both arrived ${((Date.now() - back) / 1000).toFixed(1)} s after the network`)
})

scene('the same record sent twice over a line that loses the answer arrives once', async () => {
  const page = await phone('wangge1')
  await page.goto('/field')
  await settled(page)
  await kept(page)
  const what = '燃气调压箱旁堆放纸箱'
  let lost = 0
  await page.context().route('**/api/v1/loops', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    // It reached the server; its answer did not come back.
    await route.fetch()
    lost += 1
    if (lost === 1) return route.abort('connectionreset')
    return route.continue()
  })
  await record(page, { what, colour: 'green', unit: '岚峰化工' })
  await page.getByRole('button', { name: '上报', exact: true }).click()
  await page.locator('[data-record="sent"]').getByText(what).waitFor()
  assert.equal(lost, 2)
  const office = await as('anwei')
  const { items } = await api(office, `/loops?kind=hazard&q=${encodeURIComponent(what)}`)
  assert.equal(items.length, 1)
  wasCut(page)
})

scene('what the server refuses stays, says why, and is sent again after a change', async () => {
  const page = await phone('wangge1', { theme: 'dark' })
  await page.goto('/field')
  await settled(page)
  await kept(page)
  let refuse = true
  await page.context().route('**/api/v1/loops', (route) => {
    if (route.request().method() !== 'POST' || !refuse) return route.fallback()
    refuse = false
    return route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ type: 'anlan:loop', title: '所选单位不在您的网格内', detail: 'The unit is not in your grid', status: 422 }) })
  })
  const what = '车间出口被货架堵住'
  await record(page, { what, colour: 'gold', unit: '岚峰化工' })
  await page.getByRole('button', { name: '上报', exact: true }).click()
  const refused = page.locator('[data-record="refused"]')
  await refused.getByText('所选单位不在您的网格内').waitFor()
  await accessible(page, 'field with a refusal, dark')
  await picture(page, 'field-refused-dark')
  await refused.getByRole('button', { name: '修改' }).click()
  await page.getByRole('alert').getByText('所选单位不在您的网格内').waitFor()
  await page.getByRole('button', { name: '上报', exact: true }).click()
  await page.locator('[data-record="sent"]').getByText(what).waitFor()
})

scene('signed out in the middle: nothing is lost, and it goes on after signing in', async () => {
  const page = await phone('wangge2')
  await page.goto('/field')
  await settled(page)
  await kept(page)
  await page.context().setOffline(true)
  const what = '村口电线杆倾斜'
  await record(page, { what, colour: 'teal', unit: '岚峰化工' })
  await page.getByRole('button', { name: '保存，联网后自动上报' }).click()
  await page.getByRole('heading', { name: '本机待上报 1 条' }).waitFor()
  await page.context().clearCookies()
  await page.context().setOffline(false)
  await page.getByLabel('账号', { exact: true }).fill('wangge2')
  await page.getByLabel('密码', { exact: true }).fill((await import('../program.mjs')).PASSWORD)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.locator('[data-record="sent"]').getByText(what).waitFor()
  wasCut(page)
})

scene('whoever signs out leaves no lists behind; an accident is told on one page', async () => {
  const page = await phone('huagong', { width: 360 })
  await page.goto('/field')
  await settled(page)
  await kept(page)
  await page.getByRole('link', { name: '事故快报' }).click()
  await page.getByText('险情', { exact: true }).click()
  await page.getByLabel(/简要情况/).fill('罐区法兰渗漏，已切断，无人员受伤')
  await page.getByRole('main').getByText('示例·岚峰化工有限公司').waitFor()
  await accessible(page, 'field/new?kind=accident')
  const [wide, window] = await page.evaluate(() => [document.querySelector('main').scrollWidth, document.querySelector('main').clientWidth])
  assert.ok(wide <= window, `${wide} wide in ${window}`)
  await picture(page, 'field-accident')
  await page.getByRole('button', { name: '上报', exact: true }).click()
  await page.locator('[data-record="sent"]').getByText('罐区法兰渗漏').waitFor()
  await page.getByRole('button', { name: /账号/ }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '登录', exact: true }).waitFor()
  await page.waitForFunction(() => new Promise((resolve) => {
    const request = indexedDB.open('anlan-field')
    request.onsuccess = () => { const asked = request.result.transaction('known').objectStore('known').count(); asked.onsuccess = () => { resolve(asked.result === 0); request.result.close() } }
  }))
  assert.equal(await page.evaluate(() => localStorage.getItem('anlan:person')), null)
})
