// What works on every page: search, keys, language.
import assert from 'node:assert/strict'
import { as, picture, scene, settled } from '../stage.mjs'

scene('search over everything, in Chinese, from the keyboard', async () => {
  const page = await as('anwei')
  await page.goto('/inbox')
  await settled(page)
  await page.keyboard.press('/')
  const box = page.getByRole('combobox', { name: '搜索全部' })
  await box.fill('避难场所')
  await page.getByRole('option').first().waitFor()
  for (const hit of (await page.getByRole('option').all()).slice(0, 3)) assert.match(await hit.innerText(), /避难场所/)
  await picture(page, 'search')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('main').getByText(/避难/).first().waitFor()
  await page.keyboard.press('/')
  await box.fill('没有这样的词语')
  await page.getByText('没有找到“没有这样的词语”').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

scene('g and a letter go to an area; ? shows the keys', async () => {
  const page = await as('anwei')
  await page.goto('/inbox')
  await settled(page)
  for (const [key, heading] of [['d', '责任清单'], ['n', '通知文件'], ['l', '台账'], ['c', '驾驶舱'], ['i', '待办']]) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  }
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: '快捷键' }).waitFor()
})

scene('in English no label of the portal stays Chinese', async () => {
  const page = await as('anwei')
  await page.goto('/cockpit')
  await settled(page)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Cockpit' }).waitFor()
  for (const [route, places] of Object.entries({
    '/cockpit': 'nav, h1, h2, th, .tile .word, .seg button',
    '/inbox': 'nav, h1, h2, .tabs button',
    '/duties': 'nav, h1, [role="columnheader"], [role="search"], .views button, .head button',
    '/notices': 'nav, h1, th, .drop',
    '/ledger': 'nav, h1, [role="columnheader"], .seal button, summary',
    '/papers/letters': 'nav, h1, h2, th, .kinds button',
  })) {
    await page.goto(route)
    await settled(page)
    const words = await page.locator(places).allInnerTexts()
    // The way back to Chinese is named in Chinese.
    const chinese = words.filter((text) => /\p{Script=Han}/u.test(text.replaceAll('中文', '')))
    assert.deepEqual(chinese, [], `${route} in English`)
  }
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('navigation').first().getByText('驾驶舱').waitFor()
})
