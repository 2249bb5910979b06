import { expect, test } from 'vitest'
import en from './words/en'
import zh from './words/zh'

function flat(words: unknown, at = ''): Map<string, string> {
  const out = new Map<string, string>()
  for (const [key, value] of Object.entries(words as Record<string, unknown>)) {
    if (typeof value === 'string') out.set(`${at}${key}`, value)
    else for (const [inner, text] of flat(value, `${at}${key}.`)) out.set(inner, text)
  }
  return out
}
const [chinese, english] = [flat(zh), flat(en)]
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]!).sort()

test('every word is there in both languages', () => {
  expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([])
  expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([])
})

test('both languages fill the same holes', () => {
  const wrong = [...chinese].filter(([key, text]) => JSON.stringify(holes(text)) !== JSON.stringify(holes(english.get(key) ?? '')))
  // A unit's or month's name may be left out of an English sentence, but nothing may be asked for that Chinese does not give.
  expect(wrong.filter(([key, text]) => holes(english.get(key) ?? '').some((hole) => !holes(text).includes(hole))).map(([key]) => key)).toEqual([])
})

test('no word uses signs that the formatter reads as its own', () => {
  for (const words of [chinese, english]) for (const [key, text] of words) expect(text.replace(/ \| /g, ''), key).not.toMatch(/[@|]/)
})

// Every key that a page asks for by name must exist; keys put together at run time are covered by the pages' own tests.
test('pages ask only for words that exist', () => {
  const sources = import.meta.glob<string>('../**/*.{vue,ts}', { eager: true, query: '?raw', import: 'default' })
  const missing: string[] = []
  for (const [path, source] of Object.entries(sources)) {
    if (path.includes('.spec.') || path.includes('/words/')) continue
    for (const match of source.matchAll(/\bt\('([\w.-]+)'/g)) if (!chinese.has(match[1]!)) missing.push(`${path}: ${match[1]}`)
  }
  expect(missing).toEqual([])
})
