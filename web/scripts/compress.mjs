// Writes .br and .gz beside every text file of a build, so that the server sends them as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const folder = process.argv[2] ?? 'dist/app'
const wanted = /\.(?:js|css|html|svg|json|webmanifest)$/
let files = 0
let before = 0
let after = 0
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !wanted.test(entry.name)) continue
  const path = join(entry.parentPath ?? entry.path, entry.name)
  const bytes = readFileSync(path)
  // Below one packet nothing is won.
  if (bytes.length < 1200) continue
  const gz = gzipSync(bytes, { level: 9 })
  writeFileSync(`${path}.gz`, gz)
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }))
  files += 1
  before += bytes.length
  after += gz.length
}
const kb = (n) => `${(n / 1024).toFixed(0)} kB`
console.log(`compressed ${files} files: ${kb(before)} -> ${kb(after)} gzip`)
