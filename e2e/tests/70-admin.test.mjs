// Keeping the house: people, things, the table of authority.
import assert from 'node:assert/strict'
import { as, picture, scene, signIn, stranger } from '../stage.mjs'

/** Chooses in a list that opens under a field. */
async function choose(page, field, typed, option) {
  await field.click()
  await field.pressSequentially(typed)
  await page.locator('.n-base-select-option').filter({ hasText: option }).first().click()
}

scene('a new person gets a one-time password and must change it', async () => {
  const admin = await as('guanli')
  await admin.goto('/admin/people')
  await admin.getByRole('button', { name: '新增人员' }).click()
  const form = admin.getByRole('dialog', { name: '新增人员' })
  const login = `dajie${Date.now() % 100_000}`
  await form.getByLabel(/^账号/).fill(login)
  await form.getByLabel('姓名').fill('东街街道 值守岗')
  await choose(admin, form.getByLabel('单位'), '东街', '东街街道')
  await choose(admin, form.getByLabel('角色'), '镇街', '镇街应急员')
  await form.getByRole('button', { name: '新增并生成一次性密码' }).click()
  const once = admin.getByRole('dialog', { name: '一次性密码' })
  const password = await once.getByRole('code').innerText()
  await picture(admin, 'one-time-password')
  await once.getByRole('button', { name: '我已记下' }).click()
  await admin.getByLabel('按姓名、账号查找').fill(login)
  await admin.getByRole('row').filter({ hasText: '东街街道 值守岗' }).waitFor()

  const page = await stranger()
  await signIn(page, login, password)
  await page.getByText('请先设置自己的密码').waitFor()
  // Nothing else opens before that.
  await page.goto('/duties')
  await page.getByText('请先设置自己的密码').waitFor()
  assert.equal((await page.request.get('/api/v1/duties')).status(), 403)
  await page.getByLabel(/^新密码/).fill('pingan-2026-dongjie')
  await page.getByLabel('再次输入新密码').fill('pingan-2026-dongjie')
  if (await page.getByLabel('当前密码').count()) await page.getByLabel('当前密码').fill(password)
  await page.getByRole('button', { name: '修改密码' }).click()
  await page.getByRole('heading', { level: 1, name: /待办|责任清单/ }).waitFor()

  const again = await stranger()
  await signIn(again, login, password)
  await again.getByRole('alert').waitFor()
  await again.getByLabel('密码', { exact: true }).fill('pingan-2026-dongjie')
  await again.getByRole('button', { name: '登录' }).click()
  await again.getByRole('heading', { level: 1, name: '待办' }).waitFor()
})

scene('shelters come in from a table; what is wrong is told row by row', async () => {
  const admin = await as('guanli')
  await admin.goto('/admin/things?kind=shelter')
  await admin.getByRole('button', { name: '导入', exact: true }).click()
  const panel = admin.getByRole('dialog', { name: /导入应急避难场所/ })
  const name = `示例·北关广场避难场所${Date.now() % 100_000}`
  const csv = `名称,所属单位,经度,纬度,类别,容纳人数,有效面积\n${name},北石店镇,112.85,35.52,紧急,600,1800\n示例·无名避难场所,并不存在的镇,112.86,35.53,临时,许多,900\n`
  await panel.locator('input[type="file"]').setInputFiles({ name: '避难场所.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await panel.getByText('共 2 行').waitFor()
  await panel.getByText('可导入 1 行').waitFor()
  await panel.getByText('有问题 1 行').waitFor()
  const wrong = panel.getByRole('row').filter({ hasText: '容纳人数' })
  await wrong.first().getByText('3', { exact: true }).waitFor()
  await panel.getByRole('row').filter({ hasText: '所属单位' }).first().waitFor()
  assert.ok(await panel.getByRole('button', { name: /^导入/ }).isDisabled(), 'a faulty file is not taken in by default')
  await picture(admin, 'import-errors')
  await panel.getByText(/先导入没有问题的 1 行/).click()
  await panel.getByRole('button', { name: '导入 1 行' }).click()
  await panel.waitFor({ state: 'detached' })
  await admin.getByLabel('按名称查找').fill(name)
  await admin.getByRole('row').filter({ hasText: name }).waitFor()
})

scene('the table of authority is shown whole', async () => {
  const admin = await as('guanli')
  await admin.goto('/admin/authority')
  const table = admin.getByRole('table')
  for (const role of ['系统管理员', '审计员', '安委办', '镇街应急员', '企业主要负责人']) await table.getByRole('columnheader', { name: role }).waitFor()
  assert.ok(await table.getByRole('row').count() > 15)
})
