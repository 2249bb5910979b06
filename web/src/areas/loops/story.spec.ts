import { describe, expect, it } from 'vitest'
import { basisText, nextQuestion, toAnswers } from './criterion'
import { begin, leading, sortActions } from './moves'
import type { Criterion, LoopAction, Told, ValueView, Verdict } from './types'
import { versions } from './versions'

function value(code: string, text: string): ValueView {
  return { code, zh: code, en: code, kind: 'number', text, text_en: text, files: [], rows: null, raw: Number(text) }
}
function told(seq: number, move: string | null, values: ValueView[]): Told {
  return { fact: `f${seq}`, seq, version: seq, kind: 'loop.moved', move, zh: move ?? '', en: move ?? '', happened: '', recorded: '', late_minutes: 0, values, by_name: '', files: [], sealed: true }
}

describe('reports as versions', () => {
  it('each says what it changed of what was last said, whatever order the story comes in', () => {
    const all = versions([told(9, 'figures', [value('deaths', '3'), value('hurt', '5')]), told(1, 'open', [value('deaths', '1')]), told(4, 'follow-up', [value('hurt', '5')]), told(5, 'gate-cause', [value('deaths', '9')]), told(6, null, [])])
    expect(all.map((one) => one.told.seq)).toEqual([1, 4, 9])
    expect(all[2]!.changes.map((one) => [one.code, one.before?.text ?? null, one.now.text, one.same])).toEqual([['deaths', '1', '3', false], ['hurt', '5', '5', true]])
    expect(all[0]!.changes[0]!.before).toBeNull()
  })
})

function action(code: string, more: Partial<LoopAction> = {}): LoopAction {
  return { code, zh: code, en: code, allowed: true, refusal: null, fields: [], aside: false, grave: false, to: [], ...more }
}

describe('what may be done', () => {
  it('stands in the order of use; what only belongs to another hour is folded', () => {
    const no = (code: string) => ({ allowed: false, refusal: { code, zh: '', en: '' } })
    const sorted = sortActions([action('grade'), action('refer', { aside: true }), action('reinspect', no('own-work')), action('order', no('not-now')), action('dismiss', { aside: true, ...no('own-work') })])
    expect([sorted.usual, sorted.aside, sorted.refused, sorted.later].map((list) => list.map((one) => one.code))).toEqual([['grade'], ['refer'], ['reinspect'], ['order', 'dismiss']])
  })
  it('what leads on is neither what was just done nor what leaves the state as it is', () => {
    const moved = (seq: number, move: string, from: string, to: string): Told => ({ ...told(seq, move, []), from, to })
    const actions = [action('grade', { to: ['graded', 'rectifying'] }), action('plan'), action('stop', { to: ['ended'], grave: true }), action('order', { to: ['rectifying'] })]
    expect(leading({ state: 'graded', actions, story: [moved(1, 'open', '', 'found'), moved(2, 'grade', 'found', 'graded'), moved(3, 'plan', 'graded', 'graded')] })).toBe('order')
    // Sent back, what was done in the last round is what leads on again.
    const fixed = [action('plan'), action('fixed', { to: ['submitted'] })]
    expect(leading({ state: 'rectifying', actions: fixed, story: [moved(4, 'fixed', 'rectifying', 'submitted'), moved(5, 'reinspect', 'submitted', 'rectifying')] })).toBe('fixed')
    expect(leading({ state: 'rectifying', actions: [action('plan')], story: [] })).toBeNull()
  })
  it('a form begins with the figures known, never with old words or files', () => {
    const fields: LoopAction['fields'] = [
      { code: 'deaths', zh: '', en: '', kind: 'number', need: 'may' }, { code: 'what', zh: '', en: '', kind: 'long', need: 'may' }, { code: 'photos', zh: '', en: '', kind: 'photos', need: 'may' },
    ]
    const loop = { values: [value('deaths', '2'), { ...value('what', '0'), raw: '起火' }, { ...value('photos', '0'), raw: [{ sha256: 'a' }] }] }
    expect(begin(action('follow-up', { fields }), loop)).toEqual({ deaths: 2 })
    expect(begin(action('plan', { fields }), loop)).toEqual({ deaths: 2, what: '起火' })
  })
})

describe('the assistant', () => {
  const criterion: Criterion = {
    id: 'c', zh: '未安装报警装置', en: 'No alarm', doc: '某判定标准', doc_en: '', doc_no: '第 1 号', item: '第三条', certain: true,
    questions: [{ id: 'q1', zh: '是否使用液氨？', en: 'Ammonia?', kind: 'yes-no' }, { id: 'q2', zh: '储量', en: 'Stock', kind: 'number', unit: '吨' }, { id: 'q3', zh: '有无报警？', en: 'Alarm?', kind: 'yes-no' }],
  }
  const said = (verdict: Verdict['verdict'], missing: string[], next: string | null): Verdict => ({ verdict, missing, next, grounds: [], citation: '' })
  it('asks what the server wants next, goes on past what is not known, and stops at a verdict', () => {
    expect(nextQuestion(criterion, {}, said('missing', ['q2', 'q3'], 'q2'))!.id).toBe('q2')
    expect(nextQuestion(criterion, { q2: 'unknown' }, said('missing', ['q2', 'q3'], 'q2'))!.id).toBe('q3')
    expect(nextQuestion(criterion, { q2: 'unknown', q3: 'unknown' }, said('missing', ['q2', 'q3'], 'q2'))).toBeNull()
    expect(nextQuestion(criterion, { q1: true }, said('major', [], null))).toBeNull()
  })
  it('what is not known is not sent, and what was answered is the basis', () => {
    const given = { q1: true, q2: 12, q3: 'unknown' } as const
    const words = { yes: '是', no: '否', unknown: '不清楚', say: (text: { zh: string }) => text.zh }
    expect(toAnswers(given)).toEqual({ q1: true, q2: 12 })
    expect(basisText(criterion, given, null, words)).toBe('《某判定标准》（第 1 号）第三条：未安装报警装置\n是否使用液氨？ 是\n储量 12 吨')
    expect(basisText(criterion, given, { grounds: ['q2'], citation: '《某标准》第三条' }, words)).toBe('《某标准》第三条：未安装报警装置\n储量 12 吨')
  })
})
