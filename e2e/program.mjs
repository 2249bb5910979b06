// The program under test: started on a free port with its own data, and stopped again.
import { spawn } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const HERE = path.dirname(fileURLToPath(import.meta.url))
/** Two runs at once keep their pictures apart with ANLAN_E2E_OUT. */
export const OUT = process.env.ANLAN_E2E_OUT ?? path.join(HERE, 'out')
export const BIN = process.env.ANLAN_BIN ?? path.join(HERE, '../target/debug/anlan')
export const PASSWORD = 'anlan-e2e-2026'
/** The sample district is made on the first start; a debug build takes its time over it. */
const START_MS = 240_000

/** Starts `anlan serve` and waits for the address it prints. */
export async function start({ data, demo = false, log }) {
  if (!existsSync(BIN)) throw new Error(`there is no ${BIN}; build it with \`cargo build\`, or name another with ANLAN_BIN`)
  const out = createWriteStream(log, { flags: 'a' })
  const child = spawn(BIN, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...(demo ? ['--demo'] : [])], {
    env: { ...process.env, ANLAN_DEMO_PASSWORD: PASSWORD, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let text = ''
  child.stderr.on('data', (bytes) => out.write(bytes))
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the program printed no address within ${START_MS / 1000} s; see ${log}`)), START_MS)
    child.stdout.on('data', (bytes) => {
      out.write(bytes)
      text += bytes
      const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(text)
      if (found) { clearTimeout(timer); resolve(found[0]) }
    })
    void ended.then((code) => { clearTimeout(timer); reject(new Error(`the program ended with ${code} before it served; see ${log}`)) })
  }).catch((error) => { child.kill('SIGKILL'); throw error })
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(timer)
      out.end()
    },
  }
}
