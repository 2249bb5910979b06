// Who knew what: the trace-back, words and watching, voiding, and the ways to a loop.
import assert from 'node:assert/strict'
import { api, as, downloaded, picture, scene, settled } from '../stage.mjs'
import { done, mark, PLANT, registered, stands, story, visit } from '../loops.mjs'
import { unzip, words } from '../zip.mjs'

scene('the trace says who knew, what was asked and what was done, and goes into Word with its proofs', async () => {
  const office = await as('anwei')
  const what = `有限空间作业未检测${mark()}`
  const loop = await registered(office, what)
  await done(office, loop, 'grade', { grade: 'general' })
  await visit(office, loop.id)
  await office.getByRole('link', { name: '责任倒查' }).click()
  await office.getByRole('heading', { level: 1, name: '责任倒查' }).waitFor()
  await settled(office)
  const part = (name) => office.getByRole('region', { name }).getByRole('row')
  await part('谁、何时知情').filter({ hasText: '区安委办' }).first().waitFor()
  await part('规定要求各方做什么').filter({ hasText: '评估定级' }).first().waitFor()
  await part('各方做了什么').filter({ hasText: '登记隐患' }).first().waitFor()
  await part('各方做了什么').filter({ hasText: '评估定级' }).first().waitFor()
  await picture(office, 'loops-trace')
  const paper = await downloaded(office, () => office.getByRole('button', { name: '导出 Word' }).click())
  assert.match(paper.name, /责任倒查.*\.docx$/)
  const said = words(unzip(paper.file).get('word/document.xml')())
  for (const one of [loop.number, '评估定级', '区安委办']) assert.ok(said.includes(one), `the paper says ${one}`)
  // Every line stands on a fact.
  await part('各方做了什么').filter({ hasText: '登记隐患' }).getByRole('link').click()
  await office.getByRole('dialog').getByText(/^已证明/).waitFor()
})

scene('a comment is in the story of all, watching is remembered, a mistake is voided with its reason', async () => {
  const [office, other] = [await as('anwei'), await as('duban')]
  const loop = await registered(office, `误登的隐患${mark()}`)
  await visit(office, loop.id)
  await visit(other, loop.id)
  await other.getByRole('button', { name: '关注', exact: true }).click()
  await other.getByRole('button', { name: '已关注' }).waitFor()
  const text = `请核对是否为同一处${mark()}`
  await office.getByLabel('留言').fill(text)
  await office.getByRole('button', { name: '留言', exact: true }).click()
  await story(office).getByText(text).waitFor()
  assert.equal(await office.getByLabel('留言').inputValue(), '')
  // The other's page hears of it by itself.
  await story(other).getByText(text).waitFor()
  await other.reload()
  await settled(other)
  await other.getByRole('button', { name: '已关注' }).waitFor()

  await office.getByRole('button', { name: '登记有误，作废' }).click()
  const sheet = office.getByRole('dialog', { name: '作废事项' })
  const go = sheet.getByRole('button', { name: '登记有误，作废' })
  assert.ok(await go.isDisabled(), 'voiding needs a reason')
  await sheet.getByRole('textbox').fill('重复登记')
  await picture(office, 'loops-void')
  await go.click()
  await sheet.waitFor({ state: 'detached' })
  await office.getByText('本事项已作废，仅供查阅').waitFor()
  await other.getByText('本事项已作废，仅供查阅').waitFor()
  await story(office).filter({ hasText: '重复登记' }).first().waitFor()
  assert.equal((await api(office, `/loops/${loop.id}`)).voided, true, 'it is still there')
})

scene('search finds it, and so does the inbox of whoever must act', async () => {
  const [office, bureau, grid] = [await as('anwei'), await as('yingji'), await as('wangge1')]
  const what = `冷库氨泄漏报警失灵${mark()}`
  // Found by a grid worker, it waits for the bureau that regulates the plant.
  const loop = await registered(grid, what)
  await office.goto('/inbox')
  await settled(office)
  await office.keyboard.press('/')
  await office.getByRole('combobox', { name: '搜索全部' }).fill(what)
  await office.getByRole('option').filter({ hasText: what }).first().waitFor()
  await picture(office, 'loops-search')
  await office.keyboard.press('Enter')
  await office.waitForURL(new RegExp(loop.id))
  await stands(office, '待评估')

  await bureau.goto('/inbox')
  await settled(bureau)
  const item = bureau.getByRole('main').getByRole('listitem').filter({ hasText: what })
  await item.waitFor()
  await picture(bureau, 'loops-inbox')
  await item.getByRole('link').click()
  await bureau.waitForURL(new RegExp(loop.id))
  await bureau.getByRole('region', { name: '我可以办理' }).getByRole('button', { name: '评估定级' }).waitFor()
  assert.equal((await api(bureau, `/loops/${loop.id}`)).org.name.includes(PLANT), true)
})
