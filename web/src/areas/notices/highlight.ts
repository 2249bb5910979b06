/*
 * Text and the marks on it. Spans of the notice compiler count Unicode scalar values ("characters"), whereas
 * JavaScript strings count UTF-16 units; everything that turns one into the other is in this file.
 */

/** A half-open range [start, end) in characters. */
export type Span = [number, number]

/** What a mark stands for; each kind has one quiet style in the reader. */
export type MarkKind =
  | 'section'
  | 'article'
  | 'demand'
  | 'trigger'
  | 'deadline'
  | 'quantity'
  | 'recurrence'
  | 'each'
  | 'event'
  | 'units'
  | 'remark'
  | 'spot'
  | 'markup'

/** A coloured range of the text that belongs to a card. */
export interface Mark {
  kind: MarkKind
  span: Span
  /** The card it opens, such as `demand:a06-2`. */
  target: string
}

/** A run of characters with the same marks on it, outermost first. */
export interface Segment {
  start: number
  end: number
  text: string
  marks: Mark[]
}

/** One printed line of the text. */
export interface Line {
  start: number
  /** Where the line's words end, without the line break. */
  end: number
  segments: Segment[]
  /** Nothing but white space. */
  blank: boolean
}

const SURROGATE = /[\ud800-\udfff]/

/** How many characters a string has. */
export function lengthOf(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}

/** A text that can be cut by characters in constant time, also where it holds characters beyond the BMP. */
export class Characters {
  readonly length: number
  /** UTF-16 offset of each character, or null where the two counts are the same. */
  private readonly offsets: Uint32Array | null

  constructor(readonly text: string) {
    if (!SURROGATE.test(text)) {
      this.offsets = null
      this.length = text.length
      return
    }
    const offsets: number[] = []
    let at = 0
    for (const character of text) {
      offsets.push(at)
      at += character.length
    }
    offsets.push(at)
    this.offsets = Uint32Array.from(offsets)
    this.length = offsets.length - 1
  }

  /** The characters from `start` up to `end`, cut to the text. */
  slice(start: number, end: number): string {
    return this.text.slice(this.unit(start), this.unit(end))
  }

  /** Where the character numbered `at` begins in UTF-16 units. */
  unit(at: number): number {
    const inside = Math.max(0, Math.min(at, this.length))
    return this.offsets === null ? inside : (this.offsets[inside] ?? this.text.length)
  }
}

/** Outer marks first: the one that begins earlier, and of two that begin together the longer. */
function outerFirst(a: Mark, b: Mark): number {
  return a.span[0] - b.span[0] || b.span[1] - a.span[1]
}

/**
 * Cuts a text into runs at every border of a mark. Marks may nest and may overlap; a mark beyond the text is cut
 * to it, an empty one is left out. Joined together the runs are the text again.
 */
export function segments(characters: Characters, marks: Mark[], from = 0, to = characters.length): Segment[] {
  const inside = marks
    .map((mark) => ({ mark, start: Math.max(from, mark.span[0]), end: Math.min(to, mark.span[1]) }))
    .filter((m) => m.start < m.end)
  const cuts = new Set([from, to])
  for (const m of inside) {
    cuts.add(m.start)
    cuts.add(m.end)
  }
  const borders = [...cuts].sort((a, b) => a - b)
  const sorted = inside.sort((a, b) => outerFirst(a.mark, b.mark))
  const out: Segment[] = []
  for (let i = 0; i + 1 < borders.length; i++) {
    const start = borders[i]!
    const end = borders[i + 1]!
    out.push({
      start,
      end,
      text: characters.slice(start, end),
      marks: sorted.filter((m) => m.start <= start && m.end >= end).map((m) => m.mark),
    })
  }
  return out
}

/** The lines of a text, each cut into runs. A line break belongs to no line; CR LF counts as one break. */
export function lines(characters: Characters, marks: Mark[]): Line[] {
  const sorted = [...marks].sort(outerFirst)
  const out: Line[] = []
  let live: Mark[] = []
  let next = 0
  let at = 0
  for (const words of characters.text.split('\n')) {
    const length = lengthOf(words)
    const end = words.endsWith('\r') ? at + length - 1 : at + length
    while (next < sorted.length && sorted[next]!.span[0] < end) live.push(sorted[next++]!)
    live = live.filter((mark) => mark.span[1] > at)
    out.push({
      start: at,
      end,
      segments: end > at ? segments(characters, live, at, end) : [],
      blank: words.trim() === '',
    })
    at += length + 1
  }
  return out
}

/** Lines in the groups they are printed in: single blank lines are kept, longer gaps shrink to one. */
export function withoutGaps(all: Line[]): Line[] {
  return all.filter((line, i) => !line.blank || (i > 0 && !all[i - 1]!.blank))
}

/** The innermost mark of a run: the shortest of those that cover it. */
export function innermost(segment: Segment): Mark | undefined {
  let best: Mark | undefined
  for (const mark of segment.marks) {
    if (!best || mark.span[1] - mark.span[0] <= best.span[1] - best.span[0]) best = mark
  }
  return best
}

/**
 * The character a caret stands at, given the run it is in: `start` is the run's first character, `offset` the
 * caret's place within `text` in UTF-16 units as the browser reports it.
 */
export function caret(start: number, text: string, offset: number): number {
  return start + lengthOf(text.slice(0, offset))
}

/** A range without the white space at its ends. */
export function trimmed(characters: Characters, span: Span): Span {
  let [start, end] = span
  while (start < end && characters.slice(start, start + 1).trim() === '') start++
  while (end > start && characters.slice(end - 1, end).trim() === '') end--
  return [start, end]
}

/** Where one may cut a quotation in two: after each mark of punctuation that leaves words on both sides. */
export function cutPoints(characters: Characters, span: Span): number[] {
  const out: number[] = []
  for (let at = span[0]; at < span[1] - 1; at++) {
    if (!'，。；、：,;:'.includes(characters.slice(at, at + 1))) continue
    const before = characters.slice(span[0], at).trim()
    const after = characters.slice(at + 1, span[1]).trim()
    if (before !== '' && after !== '') out.push(at + 1)
  }
  return out
}
