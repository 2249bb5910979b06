// A major hazard from the photo of a grid worker to the re-inspection by another.
import assert from 'node:assert/strict'
import { as, picture, scene, settled } from '../stage.mjs'
import { attach, begin, choose, day, fill, hazard, idOf, mark, move, photo, PLANT, send, stands, story, unit, visit } from '../loops.mjs'

scene('a grid worker finds it, the office grades and orders, the plant puts it right, another closes it', async () => {
  const what = `罐区可燃气体报警器停用${mark()}`

  // Three steps on a phone: photo, choice, send.
  const grid = await as('wangge1', { width: 360 })
  await grid.goto('/loops/new')
  await settled(grid)
  await picture(grid, 'loops-new-360')
  await grid.getByRole('link', { name: /登记隐患/ }).click()
  await unit(grid, '责任单位', PLANT)
  await fill(grid, /^隐患描述/, what)
  await attach(grid, /^现场照片/, await photo(grid, '现场'))
  await choose(grid, /^发现方式/, '网格巡查')
  await picture(grid, 'loops-form-360')
  await grid.getByRole('button', { name: '登记隐患' }).click()
  await grid.waitForURL(/\/loops\/(?!new)/)
  await settled(grid)
  const id = idOf(grid)
  await stands(grid, '待评估')
  await picture(grid, 'loops-detail-360')

  // Graded by the criterion's own questions; the assistant asks only what it still must know.
  const office = await as('anwei')
  await visit(office, id)
  await stands(office, '待评估')
  await office.getByRole('heading', { level: 1 }).filter({ hasText: what.slice(0, 6) }).waitFor()
  const grading = await begin(office, '评估定级')
  await choose(grading, /^隐患等级/, '重大隐患')
  const assistant = grading.getByRole('group', { name: /^判定标准条款/ })
  await assistant.getByRole('combobox', { name: '判定标准（行业）' }).selectOption('hazchem')
  await assistant.getByRole('button', { name: /外部安全防护距离/ }).click()
  await assistant.getByText('装置是否涉及重点监管').waitFor()
  await assistant.getByRole('button', { name: '是', exact: true }).click()
  await assistant.getByText('外部安全防护距离是否符合').waitFor()
  await assistant.getByRole('button', { name: '不清楚' }).click()
  await assistant.getByText('尚缺以下事实，无法判定').waitFor()
  await assistant.getByRole('button', { name: '现在回答' }).click()
  await assistant.getByRole('button', { name: '否', exact: true }).click()
  await assistant.getByText('构成重大隐患', { exact: true }).waitFor()
  await picture(office, 'loops-criterion')
  await assistant.getByRole('button', { name: '引用此条' }).click()
  assert.match(await grading.getByLabel(/^判定依据/).inputValue(), /外部安全防护距离/)
  await send(office, grading, '评估定级')
  await stands(office, '待下达整改')
  await office.getByRole('main').getByText('重大隐患').first().waitFor()

  await move(office, '下达整改', async (form) => {
    await fill(form, /^整改期限/, day(20))
    await fill(form, /^整改要求/, '停用储罐，恢复报警系统并校验。')
  })
  await stands(office, '整改中')

  // The plant: whole plan, both reports, photos before and after.
  const plant = await as('huagong')
  await visit(plant, id)
  await move(plant, '填报治理方案', async (form) => {
    await fill(form, /^整改责任人/, '安全总监')
    await fill(form, /^整改措施/, '更换探测器，恢复联锁。')
    await fill(form, /^整改资金/, '120000')
    await fill(form, /^整改时限/, day(15))
    await fill(form, /^应急预案/, '罐区专项预案，专人盯守。')
  })
  await move(plant, '向监管部门报告', async (form) => {
    await fill(form, /^现状及产生原因/, '探测器老化，停用未报。')
    await fill(form, /^危害程度/, '可能泄漏不被发现；更换两周可完成。')
    await unit(form, '接收部门', '应急管理局')
  })
  await move(plant, '向职工（代表）大会报告', async (form) => {
    await fill(form, /^报告日期/, day(0))
    await fill(form, /^会议名称/, '职工代表大会')
    await fill(form, /^参会人数/, '46')
    await attach(form, /^会议材料/, await photo(plant, '公示'))
  })
  await move(plant, '申请复查', async (form) => {
    await fill(form, /^整改完成情况/, '已更换 12 台探测器，联锁试验合格。')
    await attach(form, /^整改前照片/, await photo(plant, '整改前'))
    await attach(form, /^整改后照片/, await photo(plant, '整改后'))
  })
  await stands(plant, '待复查')
  await picture(plant, 'loops-detail-submitted')

  // Somebody else looks at it again and closes it; the page that is open follows.
  const another = await as('duban')
  await visit(another, id)
  await move(another, '复查', async (form) => {
    await choose(form, /^复查结论/, '整改合格')
    await fill(form, /^复查意见/, '现场复查，报警和联锁均已恢复。')
    await attach(form, /^复查照片/, await photo(another, '复查'))
  })
  await stands(another, '已销号')
  await stands(plant, '已销号')

  const line = await another.getByRole('list', { name: '办理进程' }).getByRole('listitem').allInnerTexts()
  for (const [at, state] of ['待评估', '待下达整改', '整改中', '待复查', '已销号'].entries()) assert.match(line[at], new RegExp(`^${state}`), `step ${at} of the line`)
  for (const step of line.slice(0, 5)) assert.match(step, /\d{2}:\d{2}/, `no hour at ${step}`)
  const told = (await story(another).allInnerTexts()).join('\n')
  for (const act of ['登记隐患', '评估定级', '下达整改', '填报治理方案', '向监管部门报告', '向职工（代表）大会报告', '申请复查', '复查']) assert.match(told, new RegExp(act), `the story tells of ${act}`)
  assert.match(told, /网格/)
  await another.getByRole('region', { name: '已填内容' }).getByText('整改后照片').waitFor()
  await picture(another, 'loops-detail-closed')

  // What the story says is proved by the ledger.
  await story(another).filter({ hasText: '下达整改' }).first().getByRole('link').first().click()
  const proof = another.getByRole('dialog')
  await proof.waitFor()
  await proof.getByText(/^已证明/).waitFor()
  await picture(another, 'loops-proof')
})
