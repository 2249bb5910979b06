// Many loops: narrowed, worked on together, counted, handed on as a sheet.
import assert from 'node:assert/strict'
import { api, as, downloaded, picture, scene, settled } from '../stage.mjs'
import { choose, done, major, mark, registered } from '../loops.mjs'
import { unzip, words } from '../zip.mjs'

const rows = (page) => page.getByRole('table', { name: '闭环事项' }).getByRole('row').filter({ hasText: 'YH-' })
const total = async (page) => Number(/([\d,]+) 件/.exec(await page.getByText(/^共 [\d,]+ 件$/).innerText())[1].replaceAll(',', ''))

scene('the list is narrowed, many are graded at once after a look, and the sheet holds what is seen', async () => {
  const [office, another] = [await as('anwei'), await as('duban')]
  const own = `批办${mark()}`
  const all = []
  for (const n of [1, 2, 3]) all.push(await registered(office, `${own}第${n}处`))
  await done(another, all[2], 'dismiss', { reason: '现场核查不属实' })

  await office.goto('/loops?kind=hazard')
  await settled(office)
  await picture(office, 'loops-list')
  await office.getByRole('textbox', { name: '搜编号、标题、单位' }).fill(own)
  await office.waitForURL(/q=/)
  await office.getByText('共 3 件', { exact: true }).waitFor()
  await office.getByLabel('状态', { exact: true }).selectOption('found')
  await office.getByText('共 2 件', { exact: true }).waitFor()
  // The address carries the filters: what a colleague opens is the same.
  const other = await as('duban')
  await other.goto(office.url().replace(/^https?:\/\/[^/]+/, ''))
  await settled(other)
  assert.equal(await total(other), 2)
  await office.getByLabel('状态', { exact: true }).selectOption('')
  const stages = office.getByRole('group', { name: '按进展筛选' })
  await stages.getByRole('button', { name: /已终止/ }).click()
  await office.getByText('共 1 件', { exact: true }).waitFor()
  await stages.getByRole('button', { name: /已终止/ }).click()
  await office.getByText('共 3 件', { exact: true }).waitFor()

  // Bulk: what would be refused is shown with its reason before anything is done.
  for (const box of await rows(office).getByRole('checkbox').all()) await box.check()
  await office.getByRole('toolbar', { name: '批量办理' }).getByRole('button', { name: '批量办理' }).click()
  const panel = office.getByRole('dialog')
  await panel.getByText('对 3 件事项执行同一操作').waitFor()
  await panel.getByRole('button', { name: '评估定级', exact: true }).click()
  await choose(panel, /^隐患等级/, '一般隐患')
  await panel.getByRole('button', { name: '核对' }).click()
  await panel.getByText('可以办理 2 件').waitFor()
  await panel.getByText(/1 件不能办理/).waitFor()
  await panel.getByText(new RegExp(`${own}第3处`)).waitFor()
  for (const one of all.slice(0, 2)) assert.equal((await api(office, `/loops/${one.id}`)).state, 'found', 'a look changes nothing')
  await picture(office, 'loops-bulk')
  await panel.getByRole('button', { name: '办理 2 件' }).click()
  await panel.waitFor({ state: 'detached' })
  await office.getByText('已办理 2 件').waitFor()
  for (const one of all.slice(0, 2)) assert.equal((await api(office, `/loops/${one.id}`)).state, 'graded')

  const sheet = await downloaded(office, () => office.getByRole('button', { name: '导出 Excel' }).click())
  assert.match(sheet.name, /\.xlsx$/)
  const parts = unzip(sheet.file)
  const text = [...parts].filter(([name]) => /sharedStrings|worksheets\//.test(name)).map(([, read]) => words(read())).join('\n')
  for (const n of [1, 2, 3]) assert.ok(text.includes(`${own}第${n}处`), `the sheet holds ${n}`)
  for (const one of all) assert.ok(text.includes(one.number), `the sheet holds ${one.number}`)
})

scene('every number of the zero board opens a list of so many', async () => {
  const office = await as('anwei')
  for (const [org, n] of [['ent-sample-huagong', 1], ['ent-sample-huagong', 2], ['ent-sample-meikuang', 3]]) await done(office, await registered(office, `清零${mark()}第${n}处`, org), 'grade', major)
  await office.goto('/loops')
  await settled(office)
  await office.getByRole('link', { name: '动态清零' }).click()
  await office.getByRole('heading', { level: 1, name: '重大隐患动态清零' }).waitFor()
  await settled(office)
  await office.getByRole('region', { name: '按镇街' }).getByRole('link').first().waitFor()
  await picture(office, 'loops-zero')
  const main = office.getByRole('main')
  const links = await main.locator('a[href^="/loops?"]').evaluateAll((all) => all.map((a) => ({ href: a.getAttribute('href'), text: a.innerText, where: a.closest('section')?.getAttribute('aria-label') ?? '' })))
  const numbers = links.map((one) => ({ ...one, n: /^[\d,]+(?=\s*\n|$)/.exec(one.text.trim())?.[0].replaceAll(',', '') })).filter((one) => one.n !== undefined)
  for (const where of ['当前数量', '按持续时间', '按镇街', '按行业领域', '按状态']) assert.ok(numbers.some((one) => one.where === where), `no number in ${where}`)
  const open = Number(numbers[0].n)
  assert.ok(open >= 3)
  for (const { href, n, where } of numbers) {
    await office.goto(href)
    await settled(office)
    await office.getByText(/^共 [\d,]+ 件$/).waitFor()
    assert.equal(await total(office), Number(n), `${where}: ${n} opens ${href}`)
  }
  // The parts make the whole.
  for (const where of ['按持续时间', '按镇街', '按状态']) {
    const sum = numbers.filter((one) => one.where === where && !/light=/.test(one.href)).reduce((all, one) => all + Number(one.n), 0)
    assert.equal(sum, open, `${where} adds up`)
  }
})

scene('the statistics of all kinds open lists of so many, too', async () => {
  const office = await as('anwei')
  await office.goto('/loops/stats?kind=hazard')
  await settled(office)
  await office.getByRole('region', { name: '按等级' }).getByRole('link').first().waitFor()
  await picture(office, 'loops-stats')
  const links = await office.getByRole('region', { name: '按等级' }).getByRole('row').nth(1).getByRole('link').evaluateAll((all) => all.map((a) => ({ href: a.getAttribute('href'), text: a.innerText })))
  assert.ok(links.length >= 3)
  for (const { href, text } of links.filter((one) => /^[\d,]+$/.test(one.text))) {
    await office.goto(href)
    await settled(office)
    await office.getByText(/^共 [\d,]+ 件$/).waitFor()
    assert.equal(await total(office), Number(text.replaceAll(',', '')), href)
  }
})
