import type { Article, Compiled, Demand, Source } from '@/api/types'
import { lengthOf } from './highlight'
import type { Characters, Mark, MarkKind, Span } from './highlight'

/** Which style the words of a demand's field get; a field not named here gets none of its own. */
const FIELD_KIND: Record<string, MarkKind> = {
  deadline: 'deadline',
  quantity: 'quantity',
  recurrence: 'recurrence',
  each: 'each',
  on_event: 'event',
  actors: 'units',
}

const OPEN = '（([【〔'
const CLOSE = '）)]】〕'

/** The heading of an article: from its number to the end of its title, or its first sentence at most. */
export function headingSpan(characters: Characters, article: Article): Span {
  const [start, end] = article.span
  const words = characters.slice(start, end)
  const wanted = article.title.replace(/\s/g, '')
  if (wanted === '') return [start, Math.min(end, start + [...article.label].length)]
  // The title may be broken over lines or wrapped in mark-up, so compare without either.
  let matched = 0
  let at = start
  const target = [...wanted]
  for (const character of words) {
    at++
    if (character === target[matched]) {
      matched++
      if (matched === target.length) return [start, at]
    } else if (matched > 0 && !/[\s*#_]/.test(character)) {
      matched = character === target[0] ? 1 : 0
    }
  }
  return [start, Math.min(end, start + 20)]
}

/** The closing brackets that name the responsible units, when the article ends with such. */
export function unitsSpan(characters: Characters, article: Article): Span | null {
  if (article.units.length === 0) return null
  const [start, end] = article.span
  let close = end
  while (close > start && !CLOSE.includes(characters.slice(close - 1, close))) close--
  if (close === start || characters.slice(close, end).trim().length > 4) return null
  let depth = 0
  for (let at = close - 1; at >= start; at--) {
    const character = characters.slice(at, at + 1)
    if (CLOSE.includes(character)) depth++
    if (OPEN.includes(character) && --depth === 0) return [at, close]
  }
  return null
}

function sourceMarks(demand: Demand): Mark[] {
  return (demand.sources ?? []).flatMap((source: Source) => {
    const kind = FIELD_KIND[source.field]
    // Units taken over from the article's brackets are marked once, with the article.
    const outside = source.span[0] < demand.span[0] || source.span[1] > demand.span[1]
    if (kind === undefined || (kind === 'units' && outside)) return []
    return [{ kind, span: source.span, target: `demand:${demand.id}` }]
  })
}

const MARKUP = /^[ \t]*#{1,6}[ \t]+|\*\*|__/gm

/** Signs of the file's own format (Markdown): kept, because the text stays as it came, but printed faintly. */
function markup(characters: Characters): Mark[] {
  const out: Mark[] = []
  let unit = 0
  let at = 0
  for (const match of characters.text.matchAll(MARKUP)) {
    at += lengthOf(characters.text.slice(unit, match.index))
    out.push({ kind: 'markup', span: [at, at + match[0].length], target: '' })
    at += match[0].length
    unit = match.index + match[0].length
  }
  return out
}

/** Everything the reader colours, in no particular order. Rejected demands lose their colour but stay listed. */
export function marksOf(compiled: Compiled, characters: Characters, rejected: Record<string, string>): Mark[] {
  const marks: Mark[] = markup(characters)
  for (const section of compiled.sections) {
    marks.push({ kind: 'section', span: section.span, target: `section:${section.no}` })
  }
  for (const article of compiled.articles) {
    const target = `article:${article.no}`
    marks.push({ kind: 'article', span: headingSpan(characters, article), target })
    const units = unitsSpan(characters, article)
    if (units) marks.push({ kind: 'units', span: units, target })
  }
  for (const demand of compiled.duties) {
    if (demand.id in rejected) continue
    marks.push({ kind: 'demand', span: demand.span, target: `demand:${demand.id}` }, ...sourceMarks(demand))
  }
  compiled.triggers.forEach((trigger, i) => {
    marks.push({ kind: 'trigger', span: trigger.span, target: `trigger:${i}` })
  })
  compiled.remarks.forEach((remark, i) => {
    marks.push({ kind: 'remark', span: remark.span, target: `remark:${i}` })
  })
  return marks
}

/** The card a click on this place of the text should open: the innermost thing that has a card. */
export function articleAt(compiled: Compiled, at: number): Article | undefined {
  return compiled.articles.find((article) => article.span[0] <= at && at < article.span[1])
}
