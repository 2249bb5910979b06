// An accident from a phone, its follow-ups as versions, and the first report as a paper.
import assert from 'node:assert/strict'
import { as, downloaded, picture, scene, settled } from '../stage.mjs'
import { fill, idOf, mark, move, PLANT, stands, visit } from '../loops.mjs'
import { unzip, words } from '../zip.mjs'

scene('reported from a phone in under a minute, followed up, graded anew, and printed', async (t) => {
  const what = `二车间反应釜闪爆${mark()}`
  const plant = await as('huagong', { width: 360 })
  await plant.goto('/inbox')
  await settled(plant)
  const begun = Date.now()
  let touches = 0
  const touch = async (target) => { touches += 1; await target.click() }
  await touch(plant.getByRole('navigation').getByRole('link', { name: '闭环' }))
  await touch(plant.getByRole('button', { name: '登记' }).first())
  await touch(plant.getByRole('link', { name: /报告事故、险情、灾情/ }))
  await touch(plant.getByRole('radio', { name: '事故', exact: true }))
  touches += 1
  await plant.getByLabel(/^简要情况/).fill(`${what}，现场正在施救。`)
  await picture(plant, 'loops-accident-form-360')
  await touch(plant.getByRole('button', { name: '报告事故、险情、灾情' }))
  await plant.waitForURL(/\/loops\/(?!new)/)
  const seconds = (Date.now() - begun) / 1000
  t.diagnostic(`${touches} touches, ${seconds.toFixed(1)} s`)
  assert.ok(touches <= 6, `${touches} touches`)
  assert.ok(seconds < 60, `${seconds} s`)
  await settled(plant)
  const id = idOf(plant)
  await stands(plant, '待接报')
  // Nobody has counted the dead: unknown is not nought.
  assert.doesNotMatch(await plant.getByRole('region', { name: '已填内容' }).innerText(), /死亡人数\s*0/)
  await picture(plant, 'loops-accident-360')

  // The duty officer receives it; every clock names its rule.
  const duty = await as('zhiban')
  await visit(duty, id)
  await duty.getByRole('region', { name: '时限' }).getByText(/国务院令第493号/).first().waitFor()
  await move(duty, '接报')
  await stands(duty, '处置中')
  await move(duty, '续报', async (form) => {
    await fill(form, /^最新情况/, '发现一名遇难人员。')
    await fill(form, /^死亡人数/, '1')
  })
  await duty.getByRole('heading', { level: 1 }).waitFor()
  const grade = duty.locator('.head')
  await grade.getByText('一般', { exact: true }).waitFor()

  // More are dead: the page shows what changed, and the grade is computed anew.
  await move(duty, '续报', async (form) => {
    // The figure that was told last stands there already.
    assert.equal(await form.getByLabel(/^死亡人数/).inputValue(), '1')
    await fill(form, /^最新情况/, '搜救中又发现两名遇难人员。')
    await fill(form, /^死亡人数/, '3')
  })
  await grade.getByText('较大', { exact: true }).waitFor()
  const table = duty.getByRole('region', { name: '各次报告对照' })
  const line = table.getByRole('row').filter({ hasText: '死亡人数' })
  assert.match(await line.locator('del').innerText(), /^1/)
  assert.match(await line.locator('ins').innerText(), /^3/)
  await table.getByRole('button', { name: /第 1 报/ }).click()
  await table.getByRole('row').filter({ hasText: '简要情况' }).getByText(what).waitFor()
  assert.equal(await table.getByRole('row').filter({ hasText: '死亡人数' }).count(), 0, 'the first report knew of nobody dead')
  await table.getByRole('button', { name: /第 3 报/ }).click()
  await picture(duty, 'loops-accident-versions')

  // The first report and the last follow-up as papers.
  const about = duty.getByRole('region', { name: '基本情况' })
  const first = await downloaded(duty, () => about.getByRole('button', { name: '下载《快报》' }).click())
  assert.match(first.name, /快报.*\.docx$/)
  const said = words(unzip(first.file).get('word/document.xml')())
  for (const one of [PLANT, what]) assert.ok(said.includes(one), `the first report says ${one}`)
  const follow = await downloaded(duty, () => about.getByRole('button', { name: /续报（第 2 次）/ }).click())
  const told = words(unzip(follow.file).get('word/document.xml')())
  assert.match(told, /较大/)
  assert.match(told, /死亡人数/)
})
