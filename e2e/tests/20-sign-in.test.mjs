// Getting in, being kept out, and the second factor.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { PASSWORD, scene, signIn, stranger } from '../stage.mjs'

/** The six digits of RFC 6238 for a base32 secret, `steps` half-minutes from now. */
function code(secret, steps = 0) {
  const bits = [...secret.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = mac.at(-1) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

scene('a wrong password is refused in words; the right one leads to where the person wanted to go', async () => {
  const page = await stranger()
  await page.goto('/duties')
  await page.getByRole('button', { name: '登录' }).waitFor()
  await page.getByLabel('账号', { exact: true }).fill('dongjie')
  await page.getByLabel('密码', { exact: true }).fill('not-the-password')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('alert').getByText('用户名或密码不正确').waitFor()
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('heading', { level: 1, name: '责任清单' }).waitFor()

  // Out again: the session is gone, on the server too.
  await page.getByRole('button', { name: /账号/ }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '登录', exact: true }).waitFor()
  assert.equal((await page.request.get('/api/v1/session')).status(), 401)
  await page.goto('/duties')
  await page.getByRole('button', { name: '登录', exact: true }).waitFor()
})

scene('an account locks after repeated failures and says for how long', async () => {
  const page = await stranger()
  await page.goto('/sign-in')
  await page.getByLabel('账号', { exact: true }).fill('rongmei')
  const locked = page.getByRole('button', { name: /尝试次数过多，请 \d+ 秒后再试/ })
  for (let n = 0; n < 8 && !(await locked.count()); n++) {
    await page.getByLabel('密码', { exact: true }).fill(`wrong-password-${n}`)
    await Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/session') && answer.request().method() === 'POST'), page.getByRole('button', { name: '登录' }).click()])
    await page.getByRole('alert').waitFor()
    await page.locator('form button[type="submit"]:not(.n-button--loading)').waitFor()
  }
  await locked.waitFor()
  assert.ok(await locked.isDisabled())
  const seconds = Number(/\d+/.exec(await locked.innerText())[0])
  // It counts down.
  await page.waitForFunction((before) => Number(/\d+/.exec(document.querySelector('form button[type="submit"]').innerText)?.[0]) < before, seconds)
  // The right password does not open it meanwhile.
  const answer = await page.request.post('/api/v1/session', { headers: { 'X-Anlan': '1' }, data: { login: 'rongmei', password: PASSWORD } })
  assert.equal(answer.status(), 429)
  assert.ok(Number(answer.headers()['retry-after']) > 0)
})

scene('two-step sign-in is set up, asked for, and taken away', async () => {
  const page = await stranger()
  await signIn(page, 'wangge3')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('button', { name: /账号/ }).click()
  await page.getByRole('button', { name: '我的账号' }).click()
  await page.getByRole('button', { name: '开启两步验证' }).click()
  const secret = await page.locator('code.secret').innerText()
  await page.getByLabel('动态验证码').fill('000000')
  await page.getByRole('button', { name: '确认开启' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('动态验证码').fill(code(secret))
  await page.getByRole('button', { name: '确认开启' }).click()
  await page.getByText('已开启：登录时还需验证器中的动态码。').waitFor()
  await page.getByRole('button', { name: /账号/ }).first().click()
  await page.getByRole('button', { name: '退出登录' }).click()

  await signIn(page, 'wangge3')
  // The next half-minute's code: one code opens the door once.
  await page.getByLabel(/^动态验证码/).fill(code(secret, 1))
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('navigation').first().waitFor()
  await page.goto('/me')
  await page.getByLabel('关闭前请输入当前密码').fill(PASSWORD)
  await page.getByRole('button', { name: '关闭两步验证' }).click()
  await page.getByText(/^未开启/).waitFor()
})
