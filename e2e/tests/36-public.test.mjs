// Pages that anybody may open: reporting, following a report, the exposure board.
import assert from 'node:assert/strict'
import { accessible, api, as, picture, scene, stranger } from '../stage.mjs'

const PIN = '402817'
const WHAT = '地下车库消防卷帘下堆放货物，无法降落'
const fits = async (page, where) => {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  assert.ok(wide <= window, `${where} is ${wide} wide in a window of ${window}`)
}
const photo = (page) => page.evaluate(() => {
  const canvas = document.createElement('canvas')
  canvas.width = 80
  canvas.height = 60
  canvas.getContext('2d').fillRect(8, 8, 40, 40)
  return canvas.toDataURL('image/png').split(',')[1]
})

scene('a report with a photo, without an account; code and PIN show what became of it', async (t) => {
  const page = await stranger({ width: 360 })
  await page.goto('/sign-in')
  await page.getByRole('link', { name: '我要举报' }).click()
  await page.getByRole('heading', { level: 1, name: '安全生产举报' }).waitFor()
  await page.getByLabel(/举报内容/).waitFor()
  await picture(page, 'public-report')
  await accessible(page, 'public/report')
  await fits(page, 'public/report')

  // Nothing goes out half filled.
  await page.getByRole('button', { name: '提交举报' }).click()
  await page.getByText('请设置 6 位数字查询密码').waitFor()

  await page.getByLabel(/举报内容/).fill(WHAT)
  await page.getByText('其他安全问题').click()
  await page.getByLabel(/被举报单位/).fill('示例·岚峰化工有限公司')
  await page.locator('input[type="file"][accept="image/*"]').first().setInputFiles({ name: 'garage.png', mimeType: 'image/png', buffer: Buffer.from(await photo(page), 'base64') })
  await page.getByText('garage.png').waitFor()
  await page.locator('input[type="file"]:not([accept="image/*"]):not([accept="audio/*"])').first().setInputFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('清单') })
  await page.getByText('只能上传照片、录音或视频').waitFor()
  await page.getByRole('button', { name: '移除 list.txt' }).click()
  await page.getByLabel('所在镇街').selectOption({ label: '北石店镇' })
  await page.getByText('实名举报', { exact: true }).click()
  await page.getByLabel('姓名').fill('举报人甲')
  await page.getByLabel('联系电话').fill('13900000000')
  await page.getByRole('textbox', { name: '查询密码' }).fill(PIN)
  const from = Date.now()
  await page.getByRole('button', { name: '提交举报' }).click()
  const code = (await page.locator('[data-code]').innerText()).trim()
  t.diagnostic(`the work, the photo and the report took ${((Date.now() - from) / 1000).toFixed(1)} s`)
  assert.match(code, /^[0-9A-Z]{10}$/)
  await picture(page, 'public-receipt')
  await accessible(page, 'public/report, receipt')
  // Nothing of it stays in the browser.
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).includes('卷帘'))

  await page.getByRole('main').getByRole('link', { name: '查询举报' }).click()
  await page.getByLabel('查询码').fill(code.toLowerCase())
  await page.getByLabel('查询密码').fill('000000')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByRole('alert').getByText('查询码或密码不正确').waitFor()
  assert.equal(await page.locator('[data-found]').count(), 0)
  await page.getByLabel('查询密码').fill(PIN)
  await page.getByRole('button', { name: '查询' }).click()
  const found = page.locator('[data-found]')
  await found.getByText('已收到').waitFor()
  assert.ok(!(await found.innerText()).includes('举报人甲'))
  await picture(page, 'public-follow')
  await accessible(page, 'public/follow')
  await fits(page, 'public/follow')

  const office = await as('anwei')
  const { items } = await api(office, `/loops?kind=report&q=${encodeURIComponent('消防卷帘')}`)
  assert.equal(items.length, 1)
  const loop = await api(office, `/loops/${items[0].id}`)
  assert.equal(loop.values.find((one) => one.code === 'photos').files.length, 1)
  assert.ok(!JSON.stringify(loop).includes('13900000000'), 'who reported stands nowhere in the report')
})

scene('the exposure board says that it is empty; dark, in English', async () => {
  const page = await stranger({ width: 390, theme: 'dark' })
  await page.goto('/public/exposures')
  await page.getByText('当前没有曝光内容').waitFor()
  await accessible(page, 'public/exposures')
  await picture(page, 'public-exposures-dark')
  await page.goto('/public/report')
  await page.getByLabel(/举报内容/).waitFor()
  await accessible(page, 'public/report, dark')
  await picture(page, 'public-report-dark')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Report a danger' }).waitFor()
  for (const route of ['report', 'follow', 'exposures']) {
    await page.goto(`/public/${route}`)
    await page.locator('main .panel').first().waitFor()
    const words = await page.locator('nav, h1, legend, label, button, .muted:not(.clip)').allInnerTexts()
    assert.deepEqual(words.filter((text) => /\p{Script=Han}/u.test(text.replaceAll('中文', '')) && !/街道|镇/.test(text)), [], `${route} in English`)
  }
  // Nobody is asked who he is, and the shell is not fetched.
  assert.equal((await page.context().cookies()).length, 0)
  assert.equal(await page.evaluate(() => performance.getEntriesByType('resource').filter((one) => /Layout-/.test(one.name) && !/OpenLayout/.test(one.name)).length), 0)
})
