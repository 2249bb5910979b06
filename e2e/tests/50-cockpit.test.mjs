// The district at a glance: every number opens its list, down to the sentence of the notice.
import assert from 'node:assert/strict'
import { as, picture, scene, settled } from '../stage.mjs'

scene('every number of the cockpit opens the list it counts', async () => {
  const page = await as('lingdao')
  await page.goto('/')
  await page.getByRole('heading', { level: 1, name: '驾驶舱' }).waitFor()
  await settled(page)
  await picture(page, 'cockpit')
  const tiles = page.getByRole('region', { name: '总体情况' }).getByRole('list').last().getByRole('link')
  const n = await tiles.count()
  assert.ok(n >= 6)
  for (let i = 0; i < n; i++) {
    const [number, word] = (await tiles.nth(i).innerText()).trim().split(/\s+/)
    await tiles.nth(i).click()
    await page.getByRole('heading', { level: 1, name: '责任清单' }).waitFor()
    await page.getByText(`共 ${Number(number).toLocaleString()} 项`, { exact: true }).waitFor().catch(() => assert.fail(`${word} is ${number}, its list says something else`))
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: '驾驶舱' }).waitFor()
    await tiles.nth(n - 1).waitFor()
  }
  // Rows of articles, units and the ladder too.
  for (const [region, counted] of [['按条款', (text) => Number(/\/(\d+)/.exec(text)[1])]]) {
    const link = page.getByRole('region', { name: region }).getByRole('link').first()
    const wanted = counted(await link.innerText())
    await link.click()
    await page.getByText(`共 ${wanted.toLocaleString()} 项`, { exact: true }).waitFor()
    await page.goBack()
  }
  const steps = page.getByRole('region', { name: '按到期月份' }).getByRole('list').last().getByRole('link')
  await steps.first().waitFor()
  const taken = Number(/\d+/.exec(await steps.first().innerText())[0])
  await steps.first().click()
  await page.getByText(`共 ${taken.toLocaleString()} 项`, { exact: true }).waitFor()
})

scene('from an article to a duty to the sentence of the notice', async () => {
  const page = await as('lingdao')
  await page.goto('/cockpit')
  await page.getByRole('region', { name: '按条款' }).getByRole('link').nth(2).click()
  const row = page.getByRole('table', { name: '责任清单' }).getByRole('row').nth(1)
  await row.getByRole('link').first().click()
  const quote = (await page.getByRole('region', { name: '通知原文' }).getByRole('blockquote').innerText()).replace(/\s/g, '')
  await page.getByRole('region', { name: '通知原文' }).getByRole('link').click()
  const spot = page.getByRole('document', { name: '原文' }).locator('.k-spot')
  await spot.first().waitFor()
  const marked = (await spot.allInnerTexts()).join('').replace(/[\s*#]/g, '')
  assert.equal(marked, quote.replace(/[*#]/g, ''))
  await page.waitForFunction(() => {
    const box = document.querySelector('.k-spot').getBoundingClientRect()
    return box.top >= 0 && box.bottom <= window.innerHeight
  })
  await picture(page, 'sentence')
})
