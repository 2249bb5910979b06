// Papers that an official would sign.
import assert from 'node:assert/strict'
import { api, as, downloaded, picture, scene, settled } from '../stage.mjs'
import { today, YEAR } from '../papers.mjs'
import { unzip, words } from '../zip.mjs'

scene('the monthly bulletin is edited on the page and printed', async () => {
  const page = await as('anwei')
  await page.goto('/papers/bulletin')
  await page.getByLabel('第 1 段正文').waitFor()
  await page.getByLabel('发文字号').fill(`示范安委办〔${YEAR}〕77号`)
  await page.getByLabel('第 1 段正文').fill('本月各项工作总体平稳，岁末防范仍须抓紧。')
  await picture(page, 'bulletin')
  const { name, file } = await downloaded(page, () => page.getByRole('button', { name: '生成 Word 文件' }).click())
  assert.match(name, /\.docx$/)
  const text = words(unzip(file).get('word/document.xml')())
  assert.ok(text.includes(`${Number(today().slice(5, 7))}月`), 'the month is named')
  assert.ok(text.includes('岁末防范仍须抓紧'), 'the edited words are printed')
  assert.ok(text.includes(`〔${YEAR}〕77号`), 'the number is printed')
  // The figures of the page are those of the paper.
  const draft = await api(page, `/bulletin?month=${today().slice(0, 7)}`)
  for (const row of draft.tables[0].rows) assert.ok(text.includes(row[0]), `${row[0]} is missing in the table`)
})

scene('a letter is read back, issued, and left in the ledger', async () => {
  const page = await as('anwei')
  await page.goto('/papers/letters')
  await page.getByRole('row').filter({ has: page.getByRole('button', { name: '起草提醒函' }) }).first().getByRole('button').click()
  await page.getByRole('button', { name: '印发并下载' }).click()
  const back = page.getByRole('dialog', { name: '请核对后印发' })
  await back.getByText('印发后会在台账留下记录').waitFor()
  const { file } = await downloaded(page, () => back.getByRole('button', { name: '印发并下载' }).click())
  const text = words(unzip(file).get('word/document.xml')())
  assert.match(text, /提醒/)
  const { items } = await api(page, '/ledger/facts?kind=paper.&limit=1')
  assert.equal(items.length, 1)
})

scene('the list of duties is saved as a workbook, as filtered', async () => {
  const page = await as('anwei')
  await page.goto('/duties?light=overdue')
  await settled(page)
  const { total } = await api(page, '/duties?light=overdue&limit=1')
  const { name, file } = await downloaded(page, () => page.getByRole('button', { name: '导出 Excel' }).click())
  assert.match(name, /责任清单.*\.xlsx$/)
  const sheet = unzip(file).get('xl/worksheets/sheet1.xml')()
  const rows = [...sheet.matchAll(/<row\b[^>]*r="(\d+)"/g)].length
  assert.ok(rows >= total && rows <= total + 5, `${total} duties, ${rows} rows`)
})
