// The main job: from a file to a duty that is done.
import assert from 'node:assert/strict'
import { notice, today, YEAR } from '../papers.mjs'
import { api, as, picture, scene, settled } from '../stage.mjs'

const TITLE = `关于开展${YEAR}年岁末安全防范专项行动的通知`
const MEETING = '安全生产专题会议'

/** The card of the demand that says `words`, opened. */
async function card(page, words) {
  const found = page.getByRole('region', { name: '任务卡片' }).getByRole('article').filter({ hasText: words }).first()
  await found.getByRole('heading').getByRole('button').click()
  await page.locator('article[aria-current="true"]').filter({ hasText: words }).waitFor()
  return found
}

async function drop(page, name, text) {
  // As the browser does it: a file dragged onto the field.
  const files = await page.evaluateHandle(({ name, text }) => {
    const carried = new DataTransfer()
    carried.items.add(new File([text], name, { type: 'text/markdown' }))
    return carried
  }, { name, text })
  const field = page.getByRole('region', { name: '导入通知' }).locator('label')
  await field.dispatchEvent('dragover', { dataTransfer: files })
  await field.dispatchEvent('drop', { dataTransfer: files })
}

scene('the office takes in a notice, corrects it and publishes it', async () => {
  const office = await as('anwei')
  await office.goto('/notices')
  await drop(office, '岁末安全防范.md', notice(TITLE))
  await office.getByRole('heading', { level: 1, name: TITLE }).waitFor()

  // The text stands on the left with its highlights, the cards on the right.
  const text = office.getByRole('document', { name: '原文' })
  const cards = office.getByRole('region', { name: '任务卡片' })
  await text.getByText('每月至少召开1次').first().waitFor()
  for (const kind of ['k-demand', 'k-recurrence', 'k-deadline', 'k-quantity', 'k-units']) assert.ok(await text.locator(`.${kind}`).count(), `nothing is marked ${kind}`)
  const shelter = cards.getByRole('article').filter({ hasText: '应急避难场所' }).first()
  await shelter.getByText(/不少于 1\s*处/).waitFor()
  await cards.getByRole('article').filter({ hasText: MEETING }).first().getByText('每月不少于 1 次').waitFor()
  await picture(office, 'reader-draft')

  // A word in the text opens its card.
  await text.locator('.k-recurrence').first().click()
  await cards.locator('article[aria-current="true"]').filter({ hasText: MEETING }).waitFor()

  // Correct one.
  const survey = await card(office, '沿街商铺用电用火排查')
  await survey.getByRole('button', { name: '更正' }).click()
  const form = office.getByRole('dialog')
  await form.getByLabel(/^任务/).fill('逐户完成沿街商铺用电用火排查')
  await form.getByRole('button', { name: '保存' }).click()
  await form.waitFor({ state: 'detached' })
  await cards.getByRole('button', { name: '逐户完成沿街商铺用电用火排查' }).waitFor()

  // Reject one, with a reason.
  const forbidden = await card(office, '无证动火')
  await forbidden.getByRole('button', { name: '驳回' }).click()
  const why = office.getByRole('dialog')
  assert.ok(await why.getByRole('button', { name: '驳回' }).isDisabled(), 'rejecting needs a reason')
  await why.getByLabel('理由（必填）').fill('已由其他文件规定，不重复分解')
  await why.getByRole('button', { name: '驳回' }).click()
  await why.waitFor({ state: 'detached' })
  await cards.getByText('驳回理由：已由其他文件规定，不重复分解').waitFor()

  // Merge two into one, then split it again.
  const count = await cards.getByRole('checkbox').count()
  for (const words of ['逐一复查', '开展自查']) await cards.getByRole('article').filter({ hasText: words }).first().getByRole('checkbox').check()
  await office.getByRole('toolbar', { name: '合并任务' }).getByRole('button', { name: '合并为一项' }).click()
  await office.waitForFunction((n) => document.querySelectorAll('#reader-cards [role="checkbox"]').length === n, count - 1)
  const merged = await card(office, '逐一复查')
  await merged.getByRole('button', { name: '拆分' }).click()
  const cut = office.getByRole('dialog')
  await cut.getByRole('button', { name: /企业每月/ }).click()
  await cut.getByRole('button', { name: '拆成两项' }).click()
  await cut.waitFor({ state: 'detached' })
  await office.waitForFunction((n) => document.querySelectorAll('#reader-cards [role="checkbox"]').length === n, count)

  // Add one from words that were selected in the text.
  await text.getByText('研究解决突出问题').first().evaluate((run) => {
    const node = [...run.childNodes].find((n) => n.nodeType === Node.TEXT_NODE && n.textContent.includes('研究解决突出问题'))
    const from = node.textContent.indexOf('研究解决突出问题')
    const range = document.createRange()
    range.setStart(node, from)
    range.setEnd(node, from + 8)
    window.getSelection().removeAllRanges()
    window.getSelection().addRange(range)
    run.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }))
  })
  await office.getByRole('toolbar', { name: '加入任务' }).getByRole('button', { name: '作为任务加入' }).click()
  await office.waitForFunction((n) => document.querySelectorAll('#reader-cards [role="checkbox"]').length === n, count + 1)

  // Preview, read back, publish.
  await office.getByRole('button', { name: '预览发布' }).click()
  await office.getByRole('heading', { level: 1, name: '预览发布' }).waitFor()
  await office.getByRole('region', { name: '分解责任' }).getByText('镇街').waitFor()
  await settled(office)
  await picture(office, 'plan')
  await office.getByRole('button', { name: '发布通知' }).click()
  const back = office.getByRole('dialog', { name: '确认发布' })
  await back.getByText(TITLE).waitFor()
  await back.getByText(/村（社区） [\d,]+ 项/).waitFor()
  await back.getByRole('button', { name: '发布通知' }).click()
  await back.waitFor({ state: 'detached' })
  await office.getByText('已发布', { exact: true }).first().waitFor()
  await office.getByRole('link', { name: '查看分解责任' }).click()
  await office.getByRole('table', { name: '责任清单' }).getByRole('row').nth(1).waitFor()
})

scene('a town files evidence, the office sends it back, then accepts it; every page follows by itself', async () => {
  const [town, office] = [await as('beishidian'), await as('anwei')]

  // The town finds its duty in the inbox, with a light and a countdown.
  await town.goto('/inbox')
  const item = town.getByRole('main').getByRole('listitem').filter({ hasText: MEETING }).first()
  await item.waitFor()
  await item.getByText(/正常推进|即将到期/).waitFor()
  await item.getByText(/还有 \d+ 天|今天到期/).waitFor()
  await item.getByRole('link').click()
  await town.getByRole('heading', { level: 1, name: new RegExp(MEETING) }).waitFor()
  const address = new URL(town.url()).pathname

  // The office has the duty open all the while.
  await office.goto(address)
  await office.getByText('还没有佐证').waitFor()

  const file = async (topic) => {
    await town.getByRole('button', { name: '报送佐证' }).first().click()
    const form = town.getByRole('dialog', { name: '报送佐证' })
    await form.getByRole('button', { name: /^会议/ }).click()
    await form.getByRole('button', { name: '下一步' }).click()
    await form.getByText('请填写会议议题').waitFor()
    assert.equal(await form.getByLabel('会议日期').inputValue(), today(), 'today is proposed')
    await form.getByLabel('会议议题').fill(topic)
    await form.getByLabel('参会人数').fill('23')
    await form.getByLabel(/^会议内容/).fill('研究岁末安全防范，议定三项措施。')
    await form.locator('input[type="file"]').setInputFiles({ name: '会议纪要.txt', mimeType: 'text/plain', buffer: Buffer.from(`会议纪要：${topic}。到会二十三人。`) })
    await form.getByRole('button', { name: '移除 会议纪要.txt' }).waitFor()
    await form.getByRole('button', { name: '下一步' }).click()
    await form.getByText('23 人').waitFor()
    await form.getByRole('button', { name: '提交' }).click()
    await form.waitFor({ state: 'detached' })
  }
  await file('第一次专题会议')
  await town.getByText('待审核', { exact: true }).first().waitFor()

  // The office sees it without touching the page.
  await office.getByRole('listitem').filter({ hasText: '第一次专题会议' }).getByText('待审核').waitFor()
  await office.goto('/inbox?kind=review')
  await office.getByRole('listitem').filter({ hasText: MEETING }).filter({ hasText: '北石店镇' }).first().getByRole('link').click()
  const evidence = office.getByRole('region', { name: '佐证材料' })
  const [minutes] = await Promise.all([office.context().waitForEvent('page'), evidence.getByRole('link', { name: /会议纪要/ }).click()])
  await minutes.close()
  await evidence.getByRole('button', { name: '退回' }).click()
  const returning = office.getByRole('dialog', { name: '退回这份佐证' })
  assert.ok(await returning.getByRole('button', { name: '退回' }).isDisabled(), 'sending back needs a reason')
  await returning.getByLabel(/退回理由/).fill('请补充责任人和完成时限')
  await returning.getByRole('button', { name: '退回' }).click()
  await returning.waitFor({ state: 'detached' })

  // The town sees it returned and files anew.
  await town.getByText('请补充责任人和完成时限').first().waitFor()
  await town.goto('/inbox')
  await town.getByRole('main').getByRole('listitem').filter({ hasText: MEETING }).filter({ hasText: '被退回' }).first().getByRole('link').click()
  await town.getByText('请补充责任人和完成时限').first().waitFor()
  await file('第二次专题会议')

  await office.getByRole('listitem').filter({ hasText: '第二次专题会议' }).getByRole('button', { name: '通过' }).click()
  const accepting = office.getByRole('dialog', { name: '通过这份佐证' })
  await accepting.getByRole('button', { name: '通过' }).click()
  await accepting.waitFor({ state: 'detached' })

  // The light turns, and the town's open page shows it.
  await town.getByRole('region', { name: '办理进程' }).getByText('已完成', { exact: true }).first().waitFor()
  await picture(town, 'duty-done')
  const duty = await api(town, address.replace('/duties/', '/duties/'))
  assert.equal(duty.light, 'done')
  assert.deepEqual(duty.evidence.map((one) => one.state).sort(), ['accepted', 'returned'])
})

scene('nobody reviews his own evidence, and the page says so', async () => {
  const office = await as('anwei')
  const mine = await api(office, '/duties?org=office-anwei&light=open&limit=100')
  const duty = mine.items.find((one) => /通报/.test(one.title)) ?? mine.items[0]
  assert.ok(duty, 'the office has a duty of its own')
  await office.goto(`/duties/${duty.id}`)
  await office.getByRole('button', { name: '报送佐证' }).first().click()
  const form = office.getByRole('dialog', { name: '报送佐证' })
  await form.getByRole('button', { name: /^文件/ }).click()
  await form.locator('input[type="file"]').setInputFiles({ name: '通报.txt', mimeType: 'text/plain', buffer: Buffer.from('本季度进展情况通报。') })
  await form.getByRole('button', { name: '移除 通报.txt' }).waitFor()
  await form.getByRole('button', { name: '下一步' }).click()
  await form.getByRole('button', { name: '提交' }).click()
  await form.waitFor({ state: 'detached' })
  const accept = office.getByRole('region', { name: '佐证材料' }).getByRole('button', { name: '通过', exact: true }).first()
  await accept.waitFor()
  assert.equal(await accept.getAttribute('aria-disabled'), 'true')
  await office.getByText('不能审核自己报送的佐证').first().waitFor()
  // Nor does the server, whatever a page would show.
  const evidence = (await api(office, `/duties/${duty.id}`)).evidence.find((one) => one.state === 'submitted')
  const { version } = await api(office, `/duties/${duty.id}`)
  const answer = await office.request.post(`/api/v1/duties/${duty.id}/commands`, {
    headers: { 'X-Anlan': '1' }, data: { expected_version: version, command: { name: 'accept-evidence', evidence: evidence.id } },
  })
  assert.equal(answer.status(), 403)
  assert.match((await answer.json()).type, /own-work/)
})
