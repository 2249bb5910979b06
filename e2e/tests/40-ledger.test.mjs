// The ledger: read, proven, verified; and what a single altered word brings to light.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { BIN, OUT, start } from '../program.mjs'
import { as, downloaded, picture, scene, settled, signIn, stranger } from '../stage.mjs'

const PYTHON = process.env.PYTHON ?? 'python3'

scene('a fact is opened, its proof holds, also away from the system', async () => {
  const page = await as('shenji')
  await page.goto('/ledger')
  await settled(page)
  const rows = page.getByRole('table', { name: '台账' }).getByRole('row')
  await rows.nth(5).click()
  const panel = page.getByRole('dialog', { name: '记录' })
  await panel.getByText(/已证明：这是封存的 \d+ 条记录中的第 \d+ 条/).waitFor()
  await panel.getByText(/— .+ .+/).first().waitFor()
  await picture(page, 'ledger-proof')
  const { file } = await downloaded(page, () => panel.getByRole('button', { name: '下载证明' }).click())
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await page.getByText('封存证明了什么').click()
  const key = (await page.locator('.explain pre').nth(1).innerText()).trim()
  assert.match(execFileSync(BIN, ['ledger', 'check', file, '--key', key], { encoding: 'utf8' }), /the proof holds/)
  const other = spawnSync(BIN, ['ledger', 'check', file, '--key', key.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))])
  assert.notEqual(other.status, 0, 'a proof holds under another key')

  await page.getByRole('button', { name: '核验全部' }).click()
  await page.getByRole('status').getByText(/核验通过：重算 \d+ 条记录/).waitFor({ timeout: 120_000 })
})

scene('an altered fact is named by the page and by the command line', async (t) => {
  // A copy, so that the other tests keep their district.
  const data = mkdtempSync(path.join(os.tmpdir(), 'anlan-e2e-altered-'))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  const original = process.env.ANLAN_DATA
  cpSync(original, data, { recursive: true, filter: (source) => !/\.db(-wal|-shm)?$/.test(source) })
  const python = (script, ...args) => execFileSync(PYTHON, ['-c', script, ...args], { encoding: 'utf8' }).trim()
  python('import sqlite3,sys\na=sqlite3.connect(sys.argv[1]);b=sqlite3.connect(sys.argv[2]);a.backup(b);b.close()', path.join(original, 'anlan.db'), path.join(data, 'anlan.db'))
  assert.equal(spawnSync(BIN, ['ledger', 'verify', '--data', data]).status, 0, 'the copy verifies before it is altered')

  // Somebody with the file in his hands makes one number better than it was.
  const seq = python(`
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
seq, body = db.execute("select seq, body from facts where kind = 'evidence.filed' and body like '%meeting%' order by seq limit 1").fetchone()
db.execute("update facts set body = ? where seq = ?", (body.replace('"people":', '"people":1', 1), seq))
assert db.total_changes == 1
db.commit()
print(seq)`, path.join(data, 'anlan.db'))

  const verdict = spawnSync(BIN, ['ledger', 'verify', '--data', data], { encoding: 'utf8' })
  assert.equal(verdict.status, 1)
  assert.match(verdict.stderr, new RegExp(`fact ${seq}\\b`))

  const program = await start({ data, log: path.join(OUT, 'altered.log') })
  t.after(() => program.stop())
  const page = await stranger({ base: program.url })
  await signIn(page, 'shenji')
  await page.getByRole('navigation').first().waitFor()
  await page.goto('/ledger')
  await page.getByRole('button', { name: '核验全部' }).click()
  await page.getByRole('status').getByText(new RegExp(`核验不通过：第 ${seq} 条`)).waitFor({ timeout: 120_000 })
  await picture(page, 'ledger-altered')
})
