// Writes sw.js into a build: what of it opens without a network.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** Pages that open without a network, with all they need. Others are kept once they have been opened. */
const PAGES = [
  /src\/app\/main\.ts$/, /index\.html$/, /src\/app\/views\/(?:Layout|SignIn|Missing)\.vue$/, /src\/app\/words\/(?:zh|en)\.ts$/, /src\/app\/components-\w+\.ts$/,
  /src\/areas\/field\//, /src\/areas\/loops\/views\/LoopDetail\.vue$/, /src\/areas\/inbox\//,
]
const STANDING = ['/', '/icon.svg', '/icon-192.png', '/manifest.webmanifest']

export function shell(): Plugin {
  return {
    name: 'anlan-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = new Set<string>()
      const add = (name: string): void => {
        const chunk = bundle[name]
        if (!chunk || chunk.type !== 'chunk' || files.has(name)) return
        files.add(name)
        for (const one of chunk.imports) add(one)
        for (const css of (chunk as { viteMetadata?: { importedCss?: Set<string> } }).viteMetadata?.importedCss ?? []) files.add(css)
      }
      for (const [name, chunk] of Object.entries(bundle)) {
        const from = chunk.type === 'chunk' ? chunk.facadeModuleId?.split('?')[0] : undefined
        if (from && PAGES.some((page) => page.test(from))) add(name)
      }
      const list = [...STANDING, ...[...files].sort().map((file) => `/${file}`)]
      const source = readFileSync(fileURLToPath(new URL('./sw.js', import.meta.url)), 'utf8')
      const version = createHash('sha256').update(source).update(list.join('\n')).update(Object.keys(bundle).sort().join('\n')).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: source.replace("'__VERSION__'", JSON.stringify(version)).replace('__FILES__', JSON.stringify(list)) })
    },
  }
}
