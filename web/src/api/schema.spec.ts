// @vitest-environment node
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const web = fileURLToPath(new URL('../../', import.meta.url))

test('the types are those of the server\'s OpenAPI document; if not: npm run types', { timeout: 60_000 }, () => {
  // The very command of `npm run types`, into another file.
  const { scripts } = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8')) as { scripts: { types: string } }
  const [tool, ...words] = scripts.types.split(' ')
  const out = words.indexOf('-o') + 1
  expect([tool, words[0], words[out]]).toEqual(['openapi-typescript', '../server/openapi.json', 'src/api/schema.d.ts'])
  const folder = mkdtempSync(join(tmpdir(), 'anlan-types-'))
  try {
    const fresh = join(folder, 'schema.d.ts')
    execFileSync(process.execPath, [join(web, 'node_modules/openapi-typescript/bin/cli.js'), ...words.with(out, fresh)], { cwd: web, stdio: 'pipe' })
    // Compared as a yes or no: the difference of two files of thousands of lines helps nobody.
    expect(readFileSync(join(web, 'src/api/schema.d.ts'), 'utf8') === readFileSync(fresh, 'utf8')).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
