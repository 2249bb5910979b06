// Who sees what, and who may do what.
import assert from 'node:assert/strict'
import { api, as, scene, settled } from '../stage.mjs'

for (const { login, org, id, others } of [
  { login: 'nanshidian', org: '南石店村', id: 'village-140502100230', others: 'village-140502006206' },
  { login: 'huagong', org: '示例·岚峰化工', id: 'ent-sample-huagong', others: 'ent-sample-meikuang' },
]) {
  scene(`${org} sees its own duties and nobody else's`, async () => {
    const [office, page] = [await as('anwei'), await as(login)]
    const { items: [foreign] } = await api(office, `/duties?org=${others}&limit=1`)
    assert.ok(foreign, `${others} has a duty`)
    await page.goto('/duties')
    await settled(page)
    const mine = await api(page, '/duties?limit=500')
    assert.ok(mine.total > 0, 'it has duties of its own')
    // Its own and those of whoever lies below it, as the office sees the tree.
    const below = await api(office, `/duties?under=${id}&limit=1`)
    assert.equal(mine.total, below.total)
    assert.ok(mine.items.some((one) => one.org.id === id))
    await page.getByRole('table', { name: '责任清单' }).getByRole('row').nth(1).waitFor()
    assert.equal(await page.getByRole('row').filter({ hasText: foreign.org.name }).count(), 0)

    // By direct link: the page is as if it were not there, and says what to do.
    await page.goto(`/duties/${foreign.id}`)
    await page.getByRole('alert').getByText('没有找到，或您无权查看').waitFor()
    assert.equal(await page.getByText(foreign.quote ?? foreign.title).count(), 0)
    assert.equal((await page.request.get(`/api/v1/duties/${foreign.id}`)).status(), 404)

    // By search.
    const found = await api(page, `/search?limit=50&q=${encodeURIComponent(foreign.title.slice(0, 8))}`)
    assert.ok(!found.items.some((hit) => hit.link.includes(foreign.id)), 'search shows a foreign duty')
    // Nor by the events that keep pages fresh, nor by the file that lists duties.
    assert.equal((await api(page, `/duties?org=${others}`)).total, 0)
  })
}

scene('an address that leads nowhere says what to do', async () => {
  const page = await as('nanshidian')
  await page.goto('/no/such/page')
  await page.getByText('没有这个页面').waitFor()
  await page.getByText('地址可能写错了，或者页面已经移走。').waitFor()
  await page.getByRole('link', { name: '回到首页' }).click()
  await page.getByRole('heading', { level: 1, name: '待办' }).waitFor()
})

scene('the administrator keeps accounts but accepts no evidence', async () => {
  const [office, admin] = [await as('anwei'), await as('guanli')]
  const { items } = await api(office, '/duties?waiting=true&limit=50')
  assert.ok(items.length, 'evidence waits for review')
  await admin.goto(`/duties/${items[0].id}`)
  await admin.getByRole('region', { name: '佐证材料' }).getByText('待审核').first().waitFor()
  for (const name of ['通过', '退回', '报送佐证', '免除', '催办']) {
    const button = admin.getByRole('main').getByRole('button', { name, exact: true })
    for (const one of await button.all()) assert.equal(await one.getAttribute('aria-disabled'), 'true', `the administrator may press ${name}`)
  }
  const duty = await api(admin, `/duties/${items[0].id}`)
  const evidence = duty.evidence.find((one) => one.state === 'submitted')
  const answer = await admin.request.post(`/api/v1/duties/${duty.id}/commands`, {
    headers: { 'X-Anlan': '1' }, data: { expected_version: duty.version, command: { name: 'accept-evidence', evidence: evidence.id } },
  })
  assert.equal(answer.status(), 403)
})

scene('the auditor reads the ledger and changes nothing', async () => {
  const page = await as('shenji')
  await page.goto('/ledger')
  await page.getByRole('table', { name: '台账' }).getByRole('row').nth(1).waitFor()
  await page.getByRole('button', { name: '核验全部' }).waitFor()
  await page.goto('/notices')
  await settled(page)
  assert.equal(await page.getByRole('region', { name: '导入通知' }).count(), 0)
  await page.goto('/duties?light=overdue')
  await page.getByRole('table', { name: '责任清单' }).getByRole('row').nth(1).getByRole('link').click()
  await page.getByRole('region', { name: '通知原文' }).waitFor()
  for (const name of ['报送佐证', '免除', '催办']) {
    for (const one of await page.getByRole('main').getByRole('button', { name, exact: true }).all()) assert.equal(await one.getAttribute('aria-disabled'), 'true', `the auditor may press ${name}`)
  }
  assert.equal((await page.request.post('/api/v1/people', { headers: { 'X-Anlan': '1' }, data: { login: 'x-y-z', name: '某岗', positions: [{ org: 'district', role: 'admin' }] } })).status(), 403)
})

scene('a request that another site could send is refused', async () => {
  const page = await as('anwei')
  const answer = await page.request.delete('/api/v1/session', { headers: {} })
  assert.ok(answer.status() === 403 || answer.status() === 400, `without the header: ${answer.status()}`)
  assert.equal((await page.request.get('/api/v1/session')).status(), 200)
})
