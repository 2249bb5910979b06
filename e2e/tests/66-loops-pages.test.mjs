// Every page of loops, wide and on a small phone, light and dark: readable by everyone and no wider than its window.
import assert from 'node:assert/strict'
import { accessible, api, as, picture, scene, settled } from '../stage.mjs'
import { begin, done, major, registered, tell } from '../loops.mjs'

/** Once for all looks: a hazard that is being rectified, one that is to be graded, an accident with two reports. */
let made
async function ready(page) {
  if (made) return made
  const graded = await done(page, await registered(page, '配电柜未接地'), 'grade', major)
  const hazard = await done(page, graded, 'order', { deadline: new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10), demands: '三日内接地并检测。' })
  let accident = await tell(page, '/loops', { kind: 'accident', org: 'ent-sample-meikuang', values: { class: 'accident', what: '采面局部冒顶，一人被困。' } })
  accident = await done(page, accident, 'receive', {})
  accident = await done(page, accident, 'follow-up', { progress: '被困人员已救出。', serious: 1 })
  made = { hazard: hazard.id, fresh: (await registered(page, '应急灯损坏')).id, accident: accident.id }
  return made
}

async function fits(page, where, { width, theme }) {
  await picture(page, `loops-page-${where}-${width}-${theme}`)
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  assert.ok(wide <= window, `${where} is ${wide} wide in a window of ${window}`)
  const over = await page.evaluate(() => { const m = document.querySelector('main'); return m ? m.scrollWidth - m.clientWidth : 0 })
  assert.ok(over <= 0, `${where}: its content is ${over} px wider than a window of ${width}`)
  await accessible(page, `${where} at ${width} ${theme}`)
}

for (const look of [1440, 360].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })))) {
  scene(`every page of loops at ${look.width} px, ${look.theme}`, async () => {
    const page = await as('anwei', look)
    const { hazard, fresh, accident } = await ready(page)
    for (const [where, route] of Object.entries({
      list: '/loops', hazards: '/loops?kind=hazard&town=&age_min=0', kinds: '/loops/new', form: '/loops/new?kind=hazard', report: '/loops/new?kind=accident',
      detail: `/loops/${hazard}`, accident: `/loops/${accident}`, trace: `/loops/${hazard}/trace`, zero: '/loops/zero', stats: '/loops/stats',
    })) {
      await page.goto(route)
      await settled(page)
      await fits(page, where, look)
    }
    assert.equal((await api(page, `/loops/${fresh}`)).state, 'found')
    await page.goto(`/loops/${fresh}`)
    await settled(page)
    const form = await begin(page, '评估定级')
    await form.getByRole('radio', { name: '重大隐患' }).check()
    await form.getByRole('combobox', { name: '判定标准（行业）' }).selectOption('hazchem')
    await form.getByRole('button', { name: /外部安全防护距离/ }).waitFor()
    await fits(page, 'move', look)
  })
}
