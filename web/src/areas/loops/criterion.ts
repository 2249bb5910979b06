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

/** What an answer reads like. */
export function answerText(question: Question, value: Given, words: { yes: string; no: string; unknown: string; say: (text: { zh: string; en?: string | null }) => string }): string {
  if (value === 'unknown') return words.unknown
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (question.kind === 'choice') return words.say(question.choices?.find((one) => one.id === value) ?? { zh: String(value) })
  const unit = words.say({ zh: question.unit ?? '', en: question.unit_en })
  return unit ? `${value} ${unit}` : String(value)
}

/** What the verdict rests on, for the field that states it: where it is written, and the answers that carry it. */
export function basisText(criterion: Criterion, given: Record<string, Given>, verdict: Pick<Verdict, 'grounds' | 'citation'> | null, words: Parameters<typeof answerText>[2]): string {
  const carries = (id: string): boolean => (verdict?.grounds?.length ? verdict.grounds.includes(id) : true)
  const lines = criterion.questions.filter((one) => one.id in given && given[one.id] !== 'unknown' && carries(one.id)).map((one) => `${words.say(one)} ${answerText(one, given[one.id]!, words)}`)
  const from = verdict?.citation || [criterion.doc && `《${criterion.doc.replace(/^《|》$/g, '')}》`, criterion.doc_no && `（${criterion.doc_no}）`, criterion.item].filter(Boolean).join('')
  return [`${from}：${words.say(criterion)}`, ...lines].join('\n')
}
