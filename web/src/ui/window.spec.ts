import { expect, test } from 'vitest'
import { slice } from './window'

test('of a hundred thousand rows only the visible ones and a few around them are drawn', () => {
  const { from, to } = slice(50_000 * 52, 600, 52, 100_000)
  expect(from).toBe(49_992)
  expect(to - from).toBeLessThan(32)
})

test('the ends stay inside the list', () => {
  expect(slice(0, 600, 50, 4)).toEqual({ from: 0, to: 4 })
  expect(slice(9_999_999, 600, 50, 10)).toEqual({ from: 10, to: 10 })
  expect(slice(0, 0, 50, 0)).toEqual({ from: 0, to: 0 })
})
