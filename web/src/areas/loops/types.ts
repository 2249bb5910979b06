// The loops' types under the names these pages use. They are the API's; forms are as `ui/form` shows them.
import type { LoopCommand, LoopRow, LoopView as Seen, Page } from '@/api/types'
import type { components } from '@/api/schema'
import type { FormField, Point } from '@/ui/form/types'

export type { LoopClock as ClockView, LoopFile as FileView, LoopRow, LoopTold as Told, LoopValue as ValueView } from '@/api/types'
export type { LoopStage as Stage } from '@/api/types'

type Schemas = components['schemas']

/** A move and its form: usable now, or not and why. `aside` is not the usual way on, `grave` cannot be taken back. */
export type LoopAction = Omit<Schemas['LoopAction'], 'fields'> & { fields: FormField[] }
export type LoopKind = Omit<Schemas['KindView'], 'open' | 'moves'> & { open: LoopAction; moves: (Omit<Schemas['MoveView'], 'fields'> & { fields: FormField[] })[] }
export type LoopView = Omit<Seen, 'actions'> & { actions: LoopAction[] }
export type Progress = Schemas['ProgressStep']
export type LoopLink = Schemas['LinkView']
export type LoopPage = Page<LoopRow>

type Move = Extract<LoopCommand, { name: 'move' }>
/** What is filled in is by the code of its field; the document cannot say of what kind each is. */
export type What = Exclude<LoopCommand, Move> | (Omit<Move, 'values'> & { values: Record<string, unknown> })

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
export type BulkReport = Schemas['BulkLoopReport']

export type GroupBy = 'kind' | 'state' | 'grade' | 'town' | 'sector' | 'org' | 'handler' | 'month' | 'age' | 'type' | 'none'
export type Group = Schemas['LoopGroup']
export type Summary = Schemas['LoopSummary']
export type TrendMonth = Schemas['TrendMonth']
export type Trace = Omit<Schemas['Trace'], 'loop'> & { loop: LoopRow }

export type Identity = Schemas['Identity']
export type Similar = LoopRow & Pick<Schemas['Similar'], 'likeness' | 'metres'>

export type Criterion = Omit<Schemas['CriterionView'], 'questions'> & { questions: Question[] }
type AnyKind = Schemas['CriterionAnswerKind']
/** One question, whatever answers it. */
export type Question = Omit<Schemas['CriterionQuestion'], 'kind'> & { kind: AnyKind['kind']; unit?: string; unit_en?: string; choices?: Schemas['CriterionChoice'][] }
export type Answers = Schemas['CriterionAnswers']
export type Verdict = Omit<Schemas['JudgeView'], 'verdict'> & { verdict: 'major' | 'not-major' | 'missing' }
