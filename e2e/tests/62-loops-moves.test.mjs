// What is refused says why; what was typed is kept; two who act at once are told of each other.
import assert from 'node:assert/strict'
import { as, picture, scene, settled } from '../stage.mjs'
import { begin, choose, day, fill, hazard, idOf, mark, move, PLANT, send, stands, story, unit, visit } from '../loops.mjs'

scene('a move that may not be made says why, before and after it is tried', async () => {
  const office = await as('anwei')
  const id = await hazard(office, { what: `检维修作业票缺少会签${mark()}` })

  // Nobody of the plant may grade; it belongs to others and stands folded with its reason.
  const plant = await as('huagong')
  await visit(plant, id)
  const may = plant.getByRole('region', { name: '我可以办理' })
  await may.getByRole('button', { name: '评估定级' }).waitFor({ state: 'hidden' })
  assert.equal(await may.getByRole('button', { name: '评估定级', disabled: false }).count(), 0, 'the plant may not grade')

  // The one who found it may not say by himself that it is not so: the reason stands at the button.
  const over = office.getByRole('region', { name: '我可以办理' })
  await over.getByText('更多').click()
  const dismiss = over.getByRole('listitem').filter({ hasText: '核查不属实' })
  await dismiss.getByRole('button', { disabled: true }).or(dismiss.locator('[aria-disabled="true"]')).first().waitFor()
  assert.match(await dismiss.innerText(), /本人|同一|他人|不能/, 'the reason is in words')

  // A form that lacks something says what, at its field; a major hazard without its criterion is not taken.
  const grading = await begin(office, '评估定级')
  await grading.locator('footer').getByRole('button', { name: '评估定级' }).click()
  await grading.getByRole('alert').filter({ hasText: '隐患等级' }).waitFor()
  await choose(grading, /^隐患等级/, '重大隐患')
  await grading.getByRole('alert').filter({ hasText: '判定标准条款' }).waitFor()
  await picture(office, 'loops-lacking')
  await choose(grading, /^隐患等级/, '一般隐患')
  await send(office, grading, '评估定级')

  // What only the server can know is refused by it, and the form stays as it was filled in.
  await move(office, '下达整改', async (form) => {
    await fill(form, /^整改期限/, day(5))
    await fill(form, /^整改要求/, '补齐会签。')
  })
  await plant.reload()
  await settled(plant)
  const asking = await begin(plant, '申请延期')
  await fill(asking, /^申请延至/, day(2))
  await fill(asking, /^延期理由/, '等待图纸。')
  await asking.locator('footer').getByRole('button', { name: '申请延期' }).click()
  await asking.getByText('延期后的期限应晚于原期限').first().waitFor()
  assert.equal(await asking.getByLabel(/^延期理由/).inputValue(), '等待图纸。')
  await picture(plant, 'loops-refused')
  await fill(asking, /^申请延至/, day(12))
  await send(plant, asking, '申请延期')
  const again = plant.getByRole('region', { name: '我可以办理' }).getByRole('listitem').filter({ hasText: '申请延期' })
  await again.getByText('已有待审批的延期申请').waitFor()

  // Decided by another; the clock goes on to the new day.
  await office.reload()
  await settled(office)
  await move(office, '审批延期', (form) => choose(form, /^审批意见/, '同意'))
  await office.getByRole('region', { name: '时限' }).getByText(day(12)).first().waitFor()
})

scene('what was typed survives a reload, in a new matter and in a move', async () => {
  const page = await as('anwei')
  const what = `配电室门未锁${mark()}`
  await page.goto('/loops/new?kind=hazard')
  await settled(page)
  await fill(page, /^隐患描述/, what)
  await choose(page, /^发现方式/, '专家检查')
  await page.waitForFunction((what) => Object.keys(localStorage).some((key) => localStorage.getItem(key).includes(what)), what)
  await page.reload()
  await settled(page)
  await page.getByText('上次没有提交的内容已保留').waitFor()
  assert.equal(await page.getByLabel(/^隐患描述/).inputValue(), what)
  assert.ok(await page.getByRole('radio', { name: '专家检查' }).isChecked())
  await unit(page, '责任单位', PLANT)
  await page.getByRole('button', { name: '登记隐患' }).click()
  await page.waitForURL(/\/loops\/(?!new)/)
  await settled(page)
  const id = idOf(page)

  // Once it is sent, the form is empty again.
  await page.goto('/loops/new?kind=hazard')
  await settled(page)
  assert.equal(await page.getByLabel(/^隐患描述/).inputValue(), '')

  await visit(page, id)
  const form = await begin(page, '评估定级')
  const note = `待复核用电负荷${mark()}`
  await fill(form, /^说明/, note)
  await page.waitForFunction((note) => Object.keys(localStorage).some((key) => localStorage.getItem(key).includes(note)), note)
  await page.reload()
  await settled(page)
  const back = await begin(page, '评估定级')
  assert.equal(await back.getByLabel(/^说明/).inputValue(), note)
  await back.getByText('上次没有提交的内容已保留').waitFor()
  await back.getByRole('button', { name: '重新填写' }).click()
  assert.equal(await back.getByLabel(/^说明/).inputValue(), '')
})

scene('two act at once: the second is told what the first did, and what he typed is still there', async () => {
  const [first, second] = [await as('anwei'), await as('duban')]
  const id = await hazard(first, { what: `消防通道堆放杂物${mark()}` })
  await visit(second, id)
  // Each sees that the other is there.
  await second.getByRole('status').filter({ hasText: '也在查看本事项' }).waitFor()
  // The second hears nothing of what the first does while his line is broken.
  const form = await begin(second, '评估定级')
  await choose(form, /^隐患等级/, '一般隐患')
  await fill(form, /^说明/, '第二人所填')
  // His command leaves before word of the first's has come: it is held back until the first has acted.
  let release
  const acted = new Promise((resolve) => { release = resolve })
  await second.route(`**/api/v1/loops/${id}/commands`, async (route) => { await acted; await route.continue() })
  const answered = second.waitForResponse((answer) => answer.url().endsWith('/commands'))
  await form.locator('footer').getByRole('button', { name: '评估定级' }).click()
  await move(first, '评估定级', (mine) => choose(mine, /^隐患等级/, '一般隐患'))
  release()
  assert.equal((await answered).status(), 409)
  await form.getByText(/刚刚有人办理过，已更新为“待下达整改”/).waitFor()
  assert.equal(await form.getByLabel(/^说明/).inputValue(), '第二人所填')
  await picture(second, 'loops-stale')
  await form.getByRole('button', { name: '取消' }).click()
  await stands(second, '待下达整改')
  assert.equal(await story(second).filter({ hasText: '评估定级' }).count(), 1)
})
