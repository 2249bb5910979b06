// The API's types, by the names of the OpenAPI document. Instants are RFC 3339 with offset, dates YYYY-MM-DD.

export type OrgKind = 'district' | 'committee' | 'headquarters' | 'department' | 'town' | 'village' | 'grid' | 'enterprise'
export type Role = 'admin' | 'auditor' | 'leader' | 'office' | 'regulator' | 'town' | 'village' | 'grid' | 'enterprise' | 'safety' | 'duty' | 'media'
export type Light = 'in-time' | 'due-soon' | 'overdue' | 'done' | 'done-late' | 'standing' | 'waived' | 'cancelled'
export type LightCounts = Record<Light, number> & { total: number }
export type MeasureKind = 'by-date' | 'times' | 'quota' | 'coverage' | 'on-event' | 'continuous' | 'prohibition'
export type Scope = 'none' | 'own' | 'org' | 'subtree' | 'sector' | 'district'

export interface BadRow { row: number; column?: string | null; message: string }
export interface Problem {
  type: string
  title: string
  detail: string
  status: number
  zh_detail?: string
  retry_after?: number
  rows?: BadRow[]
}
export interface Page<T> { items: T[]; next: string | null; total: number }

export interface PersonRef { id: string; login: string; name: string }
export interface OrgRef { id: string; name: string; kind: OrgKind }
export interface Position { org: OrgRef; role: Role }
export interface SampleAccount { login: string; title: string; org: string; password?: string }
export interface Meta { version: string; district: string; demo: boolean; sample_accounts?: SampleAccount[]; languages: string[] }
export interface Me {
  person: PersonRef
  positions: Position[]
  /** The main org; null for someone who holds no position any more. */
  org: OrgRef | null
  commands: string[]
  areas: string[]
  must_change_password: boolean
  totp: boolean
  now: string
}
export interface SignIn { login: string; password: string; code?: string; bearer?: boolean }
export interface TotpStart { secret: string; url: string }

export interface Place { lon: number; lat: number }
export interface Org {
  id: string; kind: OrgKind; name: string; short: string; en: string; aliases: string[]; parent: string | null; code: string | null
  sectors: string[]; place: Place | null; sample: boolean; closed: boolean; version: number; people: number; children: number
}
export interface OrgInput {
  kind: OrgKind; name: string; short: string; en: string; aliases: string[]; parent: string | null; code: string | null
  sectors: string[]; place: Place | null; closed?: boolean
}
export interface Person {
  id: string; login: string; name: string; positions: Position[]; disabled: boolean; locked_until: string | null; totp: boolean
  last_sign_in: string | null; version: number
}
export interface NewPerson { person: Person; one_time_password: string }
export interface Named { id: string; zh: string; en: string }
export interface Authority {
  roles: Named[]
  commands: (Named & { area: string })[]
  scopes: Named[]
  table: Record<string, Record<string, Scope>>
}
export interface Token { id: string; name: string; commands: string[]; expires: string; created: string; last_used: string | null }
export interface NewToken { token: Token; secret: string }
export interface Sector { code: string; zh: string; en: string; lead: string; support: string[]; new_trade: boolean; certain: boolean }
export interface LadderStep { id: string; zh: string; en: string; working_days: number; letter: string | null; certain: boolean }
export interface CalendarYear { year: number; holidays: string[]; workdays: string[]; source: string; certain: boolean }
export interface Rulebook { sectors: Sector[]; ladder: LadderStep[]; calendar: CalendarYear[]; accidents: Record<string, unknown>[] }
export interface CalendarReport { year: number; holidays: string[]; workdays: string[]; rows: BadRow[] }

export interface ThingKind { kind: string; zh: string; en: string; schema: Record<string, unknown> }
export interface Thing {
  id: string; kind: string; name: string; org: OrgRef; place: Place | null; fields: Record<string, unknown>; sample: boolean; version: number
}
export interface ImportReport { kind: string; rows: number; good: number; bad: BadRow[]; imported: number; preview: Thing[] }

export type Span = [number, number]
export interface Source { field: string; span: Span; words: string }
export interface Recurrence { every: 'day' | 'week' | 'ten-days' | 'month' | 'quarter' | 'half-year' | 'year'; at_least?: number; at_most?: number }
export interface Quantity { at_least: number | null; at_most: number | null; unit: string; what: string | null }
export interface Demand {
  id: string; article: number; quote: string; span: Span; actors: string[]; action: string; deadline: string | null
  recurrence: Recurrence | null; quantity: Quantity | null; each: string | null; on_event: string | null; confidence: number
  measure: MeasureKind; sources: Source[]
}
export interface Section { no: number; title: string; span: Span }
export interface Article {
  no: number; label: string; section: number | null; title: string; text: string; span: Span; units: string[]; unit_mode: string | null
  inherited_units: string[]; lead_units: string[]; support_units: string[]
}
export interface Condition {
  event: string; grade_at_least?: string; grade?: string; count?: number; within_months?: number; within_days?: number
  same_kind?: boolean; during?: string; what?: string
}
export interface Trigger { article: number; quote: string; span: Span; any: Condition[]; scope: string | null; then: string; by: string | null }
export interface Remark { span: Span; message: string }
export interface Compiled {
  title: string; number: string | null; issuer: string | null; date: string | null; year: number | null; draft: boolean
  addressees: string[]; sections: Section[]; articles: Article[]; duties: Demand[]; triggers: Trigger[]; remarks: Remark[]
}
export interface Owners { orgs: OrgRef[]; lead: OrgRef[]; unresolved: string[]; by_hand: boolean }
export type NoticeState = 'draft' | 'published' | 'withdrawn'
export interface NoticeRow {
  id: string; title: string; number: string | null; issuer: string | null; date: string | null; year: number | null; state: NoticeState
  articles: number; demands: number; duties: number; uploaded_at: string; published_at: string | null; light_counts: LightCounts; version: number
}
export interface Notice {
  id: string; state: NoticeState; version: number; file: AttachmentRef & { format: string }; text: string; compiled: Compiled
  owners: Record<string, Owners>; rejected: Record<string, string>; amended: boolean; published_at: string | null; actions: Action[]
}
export type Edit =
  | { op: 'correct'; id: string; demand: Demand; owners?: string[] }
  | { op: 'merge'; ids: string[] }
  | { op: 'split'; id: string; at: number }
  | { op: 'add'; article: number; span: Span }
  | { op: 'reject'; id: string; reason: string }
  | { op: 'restore'; id: string }
  | { op: 'head'; title: string; number: string | null; issuer: string | null; date: string | null; year: number | null }
export interface PlanChange { duty: string | null; demand: string; title: string; org: OrgRef; period: string; before?: string; after?: string }
export interface Plan {
  assigned: number
  by_org_kind: Partial<Record<OrgKind, number>>
  demands: { id: string; action: string; measure: MeasureKind; owners: OrgRef[]; count: number; periods: string[] }[]
  unresolved: { demand: string; name: string }[]
  changes: { added: PlanChange[]; changed: PlanChange[]; cancelled: PlanChange[] }
}
export interface ArticleSummary { article: number; title: string; counts: LightCounts }

export interface Refusal { code: string; zh: string; en: string }
export interface Action { name: string; refusal: null | Refusal }
export interface AttachmentRef { sha256: string; name: string; size: number; media_type: string }
export interface FactView {
  seq: number; id: string; kind: string; zh: string; en: string; happened: string; recorded: string; late: boolean
  actor: PersonRef | null; org: OrgRef | null; stream: string; version: number; articles: string[]; things: string[]; sealed: boolean
  body: Record<string, unknown> | null
}
export interface DutyRow {
  id: string; notice: string; notice_title: string; article: number; article_title: string; demand: string; title: string; org: OrgRef
  period: { label: string; from: string; to: string }
  due: string | null; light: Light; days_left: number | null; measure: MeasureKind
  progress: { done: number; needed: number | null; unit: string; percent: number | null }
  waiting: number; step: string | null; each: OrgRef | null; version: number
}
export type EvidenceKind = 'meeting' | 'file' | 'photo' | 'number' | 'link'
export interface Evidence {
  id: string; kind: EvidenceKind; happened: string; filed_at: string; by: PersonRef; org: OrgRef
  state: 'submitted' | 'accepted' | 'returned' | 'withdrawn'; note: string
  meeting?: { date: string; people: number; topic: string; minutes: string } | null
  number?: { value: number; unit: string } | null
  link?: { title: string; target: string } | null
  files: AttachmentRef[]
  review?: { by: PersonRef; at: string; note: string } | null
  actions: Action[]
}
export interface Item { id: string; title: string; owner: string; due: string | null; state: 'open' | 'done' | 'dropped'; result: string | null; done_at: string | null }
export interface Duty extends DutyRow {
  quote: string; span: Span; action: string; deadline_words: string | null; sources: Source[]; evidence: Evidence[]; items: Item[]
  story: FactView[]; actions: Action[]
  next_step: { id: string; zh: string; en: string; at: string } | null
  waiver: { reason: string; by: PersonRef; at: string } | null
}
export interface Summary { groups: { key: string; label: string; counts: LightCounts }[]; total: LightCounts }
export type DutyCommand =
  | { name: 'file-evidence'; kind: EvidenceKind; happened: string; note: string; files: string[]; meeting?: Evidence['meeting']; number?: Evidence['number']; link?: Evidence['link'] }
  | { name: 'withdraw-evidence'; evidence: string }
  | { name: 'accept-evidence'; evidence: string; note?: string }
  | { name: 'return-evidence'; evidence: string; reason: string }
  | { name: 'waive'; reason: string }
  | { name: 'unwaive'; reason: string }
  | { name: 'add-item'; title: string; owner: string; due?: string }
  | { name: 'close-item'; item: string; result: string }
  | { name: 'drop-item'; item: string; reason: string }
  | { name: 'remind'; note?: string }
export interface BulkReport { results: { id: string; title: string; org: OrgRef; refusal: Refusal | null }[]; applied: number }

export interface InboxItem {
  id: string; kind: 'duty' | 'returned' | 'review' | 'ladder' | 'notice'; title: string; detail: string; org: OrgRef; due: string | null
  days_left: number | null; light: Light; link: string; at: string | null
}
export interface Inbox { items: InboxItem[]; counts: { todo: number; review: number; returned: number; overdue: number; due_soon: number } }
/** `rate`: share (0–1) of what has fallen due that is done; null when nothing has fallen due. */
export interface OrgStanding { org: OrgRef; counts: LightCounts; rate: number | null }
export interface Cockpit {
  as_of: string; total: LightCounts; by_article: { notice: string; notice_title: string; article: number; title: string; counts: LightCounts }[]
  by_town: OrgStanding[]; by_department: OrgStanding[]; by_month: { month: string; counts: LightCounts }[]; worst: DutyRow[]
  waiting_reviews: number; ladder: { step: string; zh: string; en: string; count: number }[]; recent: FactView[]; facts: number; sealed: number
}

export interface Block { id: string; heading: string | null; text: string }
export interface BulletinDraft {
  month: string; title: string; office: string; number: string | null; blocks: Block[]
  tables: { caption: string; columns: string[]; rows: string[][] }[]
}
export type LetterKind = 'reminder' | 'circular' | 'interview' | 'supervision'
export interface LetterDraft {
  org: OrgRef; kind: LetterKind; title: string; number: string | null; answer_by: string | null; meeting_at: string | null
  place: string | null; blocks: Block[]; duties: DutyRow[]
}

export interface LedgerStatus { facts: number; sealed: number; origin: string; key: string; checkpoint: string; sealed_at: string | null; root: string }
export interface Proof {
  fact: string; index: number; size: number; root: string; path: string[]; checkpoint: string; key: string; verified: boolean
}
export interface VerifyReport { ok: boolean; facts: number; checkpoints: number; seconds: number; first_bad: { seq: number | null; id: string | null; what: string } | null }
export type HitKind = 'duty' | 'notice' | 'article' | 'org' | 'person' | 'thing' | 'fact'
export interface Hit { kind: HitKind; id: string; title: string; detail: string; link: string }
export interface LiveFact { seq: number; kind: string; stream: string; org: string | null; zh: string; en: string; recorded: string }
