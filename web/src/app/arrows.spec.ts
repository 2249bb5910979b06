import { expect, test } from 'vitest'

const sources = import.meta.glob<string>('../**/*.{vue,ts}', { eager: true, query: '?raw', import: 'default' })
const imports = (source: string): string[] => [...source.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]!)

test('areas do not import areas, and what is shared knows no area', () => {
  const wrong: string[] = []
  for (const [path, source] of Object.entries(sources)) {
    const area = /^\.\.\/areas\/([^/]+)\//.exec(path)?.[1]
    for (const target of imports(source)) {
      const other = /^@\/areas\/([^/]+)/.exec(target)?.[1]
      if (area && (other !== undefined && other !== area)) wrong.push(`${path} -> ${target}`)
      if (area && target.startsWith('@/app/') && !(path.endsWith('/routes.ts') && target === '@/app/areas')) wrong.push(`${path} -> ${target}`)
      if (/^\.\.\/(?:api|ui)\//.test(path) && /^@\/(?:areas|app)\//.test(target)) wrong.push(`${path} -> ${target}`)
      if (path.startsWith('../api/') && target.startsWith('@/ui/')) wrong.push(`${path} -> ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('only the client speaks HTTP', () => {
  const speakers = Object.entries(sources).filter(([path, source]) => !path.includes('.spec.') && /\bfetch\(|XMLHttpRequest|new EventSource/.test(source)).map(([path]) => path)
  expect(speakers.sort()).toEqual(['../api/client.ts', '../api/live.ts'])
})
