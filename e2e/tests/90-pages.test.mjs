// Every page, wide and on a phone, light and dark: readable by everyone, no wider than its window, without complaint.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { accessible, api, as, picture, scene, settled, stranger } from '../stage.mjs'

const ROUTES = ['cockpit', 'inbox', 'duties', 'duties?view=article', 'duties?view=town', 'duties?view=month', 'notices', 'ledger', 'papers/bulletin', 'papers/letters', 'me']
const ADMIN = ['admin/orgs', 'admin/people', 'admin/authority', 'admin/things', 'admin/tokens', 'admin/rulebook', 'admin/audit']
/** Script of the first page, gzip, before charts. */
const SCRIPT_MAX = 250 * 1024

const looks = [1440, 390].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })))

async function look(page, route, { width, theme }) {
  await page.goto(`/${route}`)
  await settled(page)
  await picture(page, `page-${route.replace(/\?.*?=/, '-').replaceAll('/', '-')}-${width}-${theme}`)
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  assert.ok(wide <= window, `${route} is ${wide} wide in a window of ${window}`)
  const main = await page.evaluate(() => { const m = document.querySelector('main'); return m ? m.scrollWidth - m.clientWidth : 0 })
  assert.ok(main <= 0, `${route}: its content is ${main} px wider than a window of ${width}`)
  await accessible(page, `${route} at ${width} ${theme}`)
}

for (const one of looks) {
  scene(`every page at ${one.width} px, ${one.theme}`, async () => {
    const out = await stranger(one)
    await out.goto('/sign-in')
    await out.getByRole('button', { name: /北石店镇/ }).waitFor()
    await picture(out, `page-sign-in-${one.width}-${one.theme}`)
    await accessible(out, 'sign-in')

    const office = await as('anwei', one)
    const { items: notices } = await api(office, '/notices')
    const published = notices.find((notice) => notice.state === 'published')
    const { items: [duty] } = await api(office, '/duties?waiting=true&limit=1')
    const { items: [fact] } = await api(office, '/ledger/facts?limit=1')
    for (const route of [...ROUTES, `notices/${published.id}`, `notices/${published.id}/plan`, `duties/${duty.id}`, `ledger?fact=${fact.id}`]) await look(office, route, one)
    const admin = await as('guanli', one)
    for (const route of ADMIN) await look(admin, route, one)
  })
}

scene('the first page after sign-in loads less than 250 kB of script', async (t) => {
  const page = await as('anwei')
  let script = 0
  const read = []
  page.on('response', (answer) => {
    if (/\.js$/.test(new URL(answer.url()).pathname) && !/chart/.test(answer.url())) read.push(answer.body().then((body) => { script += gzipSync(body).length }))
  })
  await page.goto('/')
  await settled(page)
  await Promise.all(read)
  assert.ok(script > 10_000, 'no script was seen at all')
  t.diagnostic(`${(script / 1024).toFixed(1)} kB of script, gzip`)
  assert.ok(script < SCRIPT_MAX, `${(script / 1024).toFixed(0)} kB of script`)
})
