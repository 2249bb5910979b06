// The assistant's questions. What makes a hazard major is the server's to say; here only the order of asking is kept.
import type { Answers, Criterion, Question, Verdict } from './types'

/** An answer, or that it is not known. What is not known is not sent. */
export type Given = boolean | number | string | 'unknown'

export function toAnswers(given: Record<string, Given>): Answers {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== 'unknown')) as Answers
}

/** The question to ask now: the one the server wants next, unless it was passed over; then the next not yet asked. */
export function nextQuestion(criterion: Criterion, given: Record<string, Given>, verdict: Verdict | null): Question | null {
  if (verdict && verdict.verdict !== 'missing') return null
  const open = (id: string): boolean => !(id in given)
  const wanted = verdict?.next
  if (wanted && open(wanted)) return criterion.questions.find((one) => one.id === wanted) ?? null
  const missing = verdict ? criterion.questions.filter((one) => verdict.missing.includes(one.id)) : criterion.questions
  return missing.find((one) => open(one.id)) ?? null
}

/** What the answers say, for the field that states what a grade rests on. */
export function basisText(criterion: Criterion, given: Record<string, Given>, say: (text: { zh: string; en?: string | null }) => string, yesNo: { yes: string; no: string }): string {
  const lines = criterion.questions.filter((one) => one.id in given && given[one.id] !== 'unknown').map((one) => {
    const value = given[one.id]!
    const text = typeof value === 'boolean' ? (value ? yesNo.yes : yesNo.no) : one.kind === 'choice' ? say(one.words?.find((word) => word.code === value) ?? { zh: String(value) }) : `${value}${one.unit ? ` ${one.unit}` : ''}`
    return `${say(one)} ${text}`
  })
  const from = [criterion.doc && `《${criterion.doc.replace(/^《|》$/g, '')}》`, criterion.doc_no && `（${criterion.doc_no}）`, criterion.item].filter(Boolean).join('')
  return [`${from}：${say(criterion)}`, ...lines].join('\n')
}
