import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256, zeros } from './sha256'
import { share, tryPart } from './work'

const hex = (text: string): string => [...sha256(text)].map((word) => word.toString(16).padStart(8, '0')).join('')

test('digests are those of the standard, at every length around a block', () => {
  for (let n = 0; n < 140; n++) {
    const text = 'a1:'.repeat(60).slice(0, n)
    expect(hex(text)).toBe(createHash('sha256').update(text).digest('hex'))
  }
})

test('a nonce that is found makes the digest begin with so many zero bits', () => {
  const nonce = tryPart('token', 10, 0, 100_000)
  expect(nonce).not.toBeNull()
  const digest = createHash('sha256').update(`token:${nonce}`).digest()
  expect(digest.readUInt32BE(0) >>> 22).toBe(0)
  expect(zeros(sha256(`token:${nonce}`))).toBeGreaterThanOrEqual(10)
  expect(tryPart('token', 10, 0, Number(nonce))).toBeNull()
})

test('the bar grows and never claims to be done', () => {
  expect(share(0, 17)).toBe(0)
  expect(share(2 ** 17, 17)).toBeCloseTo(0.632, 2)
  expect(share(2 ** 20, 17)).toBeLessThan(1)
})
