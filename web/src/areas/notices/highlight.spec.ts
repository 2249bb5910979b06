import { describe, expect, it } from 'vitest'
import { Characters, caret, cutPoints, innermost, lengthOf, lines, segments, trimmed, withoutGaps } from './highlight'
import type { Mark } from './highlight'

function mark(kind: Mark['kind'], start: number, end: number, target = `${kind}:${start}`): Mark {
  return { kind, span: [start, end], target }
}

describe('Characters', () => {
  it('counts a character beyond the BMP as one', () => {
    expect(lengthOf('𠮷野家')).toBe(3)
    const text = new Characters('在𠮷村召开🔥会议')
    expect(text.length).toBe(8)
    expect(text.slice(1, 2)).toBe('𠮷')
    expect(text.slice(2, 6)).toBe('村召开🔥')
    expect(text.slice(6, 99)).toBe('会议')
  })

  it('keeps plain text as it is', () => {
    const text = new Characters('2025年6月底前')
    expect(text.length).toBe(9)
    expect(text.slice(4, 9)).toBe('年6月底前')
    expect(text.slice(-3, 2)).toBe('20')
  })
})

describe('segments', () => {
  const text = new Characters('每半年至少召开1次会议，年底前报告。')

  it('puts the text together again whatever the marks', () => {
    const marks = [mark('demand', 0, 18), mark('recurrence', 0, 3), mark('quantity', 3, 9), mark('deadline', 12, 15)]
    const runs = segments(text, marks)
    expect(runs.map((r) => r.text).join('')).toBe(text.text)
  })

  it('nests: the outer mark comes first, the inner one wins', () => {
    const outer = mark('demand', 0, 11)
    const inner = mark('recurrence', 0, 3)
    const [first, second] = segments(text, [inner, outer])
    expect(first!.text).toBe('每半年')
    expect(first!.marks).toEqual([outer, inner])
    expect(innermost(first!)).toBe(inner)
    expect(second!.marks).toEqual([outer])
  })

  it('lets marks overlap without losing either', () => {
    const a = mark('demand', 0, 6)
    const b = mark('trigger', 4, 10)
    const runs = segments(text, [a, b])
    expect(runs.map((r) => [r.start, r.end, r.marks.length])).toEqual([
      [0, 4, 1],
      [4, 6, 2],
      [6, 10, 1],
      [10, 18, 0],
    ])
  })

  it('cuts marks to the text and drops empty ones', () => {
    const runs = segments(text, [mark('demand', 10, 400), mark('deadline', 5, 5), mark('units', 90, 95)])
    expect(runs.map((r) => [r.start, r.end])).toEqual([
      [0, 10],
      [10, 18],
    ])
  })

  it('keeps its place behind characters beyond the BMP', () => {
    const wide = new Characters('𠮷𠮷每月一次')
    const runs = segments(wide, [mark('recurrence', 2, 6)])
    expect(runs[1]!.text).toBe('每月一次')
  })
})

describe('lines', () => {
  it('carries a mark over a line break and leaves breaks out', () => {
    const text = new Characters('将习近平总\r\n\r\n\n书记重要讲话')
    const all = lines(text, [mark('demand', 1, 13)])
    expect(all.map((l) => l.segments.map((s) => s.text).join(''))).toEqual(['将习近平总', '', '', '书记重要讲话'])
    expect(all[0]!.segments[1]!.marks).toHaveLength(1)
    expect(all[3]!.start).toBe(10)
    expect(all[3]!.segments.map((s) => s.marks.length)).toEqual([1, 0])
    expect(withoutGaps(all)).toHaveLength(3)
  })

  it('drops a mark once its end is passed', () => {
    const text = new Characters('甲\n乙\n丙')
    const all = lines(text, [mark('demand', 0, 1), mark('demand', 4, 5)])
    expect(all.map((l) => l.segments[0]!.marks.length)).toEqual([1, 0, 1])
  })
})

describe('caret, trimmed and cutPoints', () => {
  it('turns a place in UTF-16 units into characters', () => {
    expect(caret(10, '𠮷村召开', 2)).toBe(11)
    expect(caret(10, '𠮷村召开', 3)).toBe(12)
  })

  it('leaves out white space at the ends', () => {
    expect(trimmed(new Characters('  甲乙\n'), [0, 5])).toEqual([2, 4])
    expect(trimmed(new Characters('   '), [0, 3])).toEqual([3, 3])
  })

  it('offers cuts after punctuation with words on both sides', () => {
    const text = new Characters('前。制定清单，加强跟踪。')
    expect(cutPoints(text, [2, 12])).toEqual([7])
  })
})
