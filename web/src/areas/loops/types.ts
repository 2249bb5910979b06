// What the loops' addresses take and answer.
import type { AttachmentRef, OrgRef, Page } from '@/api/types'
import type { LoopLight } from '@/ui/light'
import type { FormField, Point, Word } from '@/ui/form/types'

export type Stage = 'open' | 'closed' | 'ended'
export interface Refusal { code: string; zh: string; en: string; field?: string | null }

/** A move and its form: usable now, or not and why. */
export interface LoopAction {
  code: string
  zh: string
  en: string
  allowed: boolean
  refusal?: Refusal | null
  fields: FormField[]
  /** Not the usual way on; folded. */
  aside: boolean
  /** Cannot be taken back; read back before it is sent. */
  grave: boolean
  paper?: string | null
  to: string[]
}
export interface KindState extends Word { stage: Stage; party?: string | null }
export interface KindMove extends Word { from: string[]; to: string[]; paper?: string | null }
export interface KindClock extends Word { party: string; limit_zh: string; limit_en: string; rule: string; certain: boolean }
export interface LoopKind extends Word {
  prefix: string
  article: number
  by_hand: boolean
  may_open: boolean
  states: KindState[]
  grades: Word[]
  open: LoopAction
  moves: KindMove[]
  clocks: KindClock[]
}

export interface LoopRow {
  id: string
  kind: string
  kind_zh: string
  kind_en: string
  number: string
  title: string
  state: string
  state_zh: string
  state_en: string
  stage: Stage
  grade?: string | null
  grade_zh?: string | null
  grade_en?: string | null
  type?: string | null
  org: OrgRef
  town?: OrgRef | null
  handler?: OrgRef | null
  sector?: string | null
  place?: Point | null
  address?: string | null
  happened: string
  opened: string
  closed?: string | null
  due?: string | null
  due_zh?: string | null
  due_en?: string | null
  light: LoopLight
  turn?: { org: OrgRef; zh: string; en: string } | null
  mine: boolean
  comments: number
  photo?: string | null
  voided: boolean
  version: number
}

export interface FileView extends AttachmentRef { taken?: string | null; metres_off?: number | null; minutes_off?: number | null }
export interface Cell { code: string; zh: string; en: string; text: string; text_en?: string | null; files?: FileView[] }
export interface ValueView {
  code: string
  zh: string
  en: string
  kind: string
  text: string
  text_en?: string | null
  files: FileView[]
  rows?: Cell[][] | null
  raw?: unknown
}
export interface Progress { state: string; zh: string; en: string; at?: string | null; by?: string | null; org?: OrgRef | null; now: boolean }
export interface ClockView {
  code: string
  zh: string
  en: string
  party: string
  org?: OrgRef | null
  set: string
  due: string
  rule: string
  /** False: the value is a suggestion, not a rule's. */
  certain: boolean
  met?: string | null
  late: boolean
  fell: boolean
  stopped: boolean
  step?: string | null
  step_zh?: string | null
}
export interface Told {
  fact: string
  seq: number
  version: number
  kind: string
  move?: string | null
  zh: string
  en: string
  by?: string | null
  by_name?: string | null
  org?: OrgRef | null
  happened: string
  recorded: string
  late_minutes: number
  from?: string | null
  to?: string | null
  values: ValueView[]
  text?: string | null
  files?: FileView[]
  sealed?: boolean
}
export interface LoopLink { id: string; how: string; how_zh: string; how_en: string; why?: string | null; kind: string; kind_zh: string; kind_en: string; number: string; title: string; state_zh: string; state_en: string }
export interface LoopView extends LoopRow {
  values: ValueView[]
  parties: { party: string; zh: string; en: string; org: OrgRef }[]
  progress: Progress[]
  clocks: ClockView[]
  actions: LoopAction[]
  may_comment: boolean
  may_void: { allowed: boolean; refusal?: Refusal | null }
  may_look: boolean
  watching: boolean
  story: Told[]
  links: LoopLink[]
  notes: { rule: string; text: string }[]
}

export type What =
  | { name: 'move'; code: string; values: Record<string, unknown> }
  | { name: 'comment'; text: string; files: string[] }
  | { name: 'link'; to: string; how: 'same' | 'see' }
  | { name: 'void'; reason: string }
  | { name: 'watch'; on: boolean }
  | { name: 'look'; what: 'reporter'; reason: string }

export interface NewLoop {
  kind: string
  org: string
  title?: string
  sector?: string
  place?: Point
  address?: string
  values: Record<string, unknown>
  happened?: string
  from?: string
}
export interface BulkResult { id: string; number: string; title: string; org: OrgRef; refusal?: Refusal | null }
export interface BulkReport { results: BulkResult[]; applied: number }

export type GroupBy = 'kind' | 'state' | 'grade' | 'town' | 'sector' | 'org' | 'handler' | 'month' | 'age' | 'type' | 'none'
export interface Tally { open: number; overdue: number; closed: number; ended?: number; total: number; median_days?: number | null }
export interface Group extends Tally { key: string; label: string; label_en: string }
export interface Summary { groups: Group[]; total: Tally }
export interface TrendMonth { month: string; opened: number; closed: number; open_at_end: number }

export interface Trace {
  loop: LoopRow
  knew: { at: string; recorded: string; who?: string | null; org?: OrgRef | string | null; what_zh: string; what_en: string; fact: string; seq: number }[]
  asked: { clock_zh: string; clock_en: string; org?: OrgRef | string | null; rule: string; certain: boolean; from: string; due: string; met?: string | null; late: boolean; consequence_zh?: string | null }[]
  did: { at: string; who?: string | null; org?: OrgRef | string | null; what_zh: string; what_en: string; fact: string; seq: number }[]
}

export interface Question { id: string; zh: string; en: string; kind: 'yes-no' | 'number' | 'choice'; unit?: string | null; words?: Word[] }
export interface Criterion { id: string; zh: string; en: string; doc: string; doc_no: string; item: string; certain: boolean; questions: Question[] }
export type Answers = Record<string, boolean | number | string>
export interface Verdict { verdict: 'major' | 'not-major' | 'missing'; missing: string[]; next?: string | null }

export type LoopPage = Page<LoopRow>
