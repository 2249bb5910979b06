// Runs the browser tests against the real program: `node e2e/run.mjs [part of a file's name …]`.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { HERE, OUT, start } from './program.mjs'

const wanted = process.argv.slice(2)
const files = readdirSync(path.join(HERE, 'tests')).filter((name) => name.endsWith('.test.mjs') && (!wanted.length || wanted.some((part) => name.includes(part)))).sort()
if (!files.length) throw new Error(`no test file is named like ${wanted.join(' or ')}`)

rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT, { recursive: true })
const data = mkdtempSync(path.join(os.tmpdir(), 'anlan-e2e-'))
const log = path.join(OUT, 'server.log')
let program
let runner
let stopping = false
async function end(code) {
  if (stopping) return
  stopping = true
  runner?.kill('SIGTERM')
  await program?.stop()
  rmSync(data, { recursive: true, force: true })
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end(130))

try {
  const before = Date.now()
  program = await start({ data, demo: true, log })
  console.log(`# ${program.url}, the sample district ready after ${((Date.now() - before) / 1000).toFixed(1)} s`)
  // One file after the other: the tests share one district, as people do.
  runner = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files.map((name) => path.join(HERE, 'tests', name))], {
    env: { ...process.env, ANLAN_URL: program.url, ANLAN_DATA: data, ANLAN_LOG_FILE: log },
    stdio: 'inherit',
  })
  const code = await new Promise((resolve) => runner.once('exit', (code) => resolve(code ?? 1)))
  await end(code)
} catch (error) {
  console.error(error)
  await end(1)
}
