// The API's types under the names the portal uses. They are generated: `npm run types` makes schema.d.ts from
// server/openapi.json. Instants are RFC 3339 with offset, dates YYYY-MM-DD; a field that may be null may be absent.
import type { components } from './schema'

type Schemas = components['schemas']

export type OrgKind = Schemas['OrgKind']
export type Light = Schemas['Light']
export type LightCounts = Schemas['LightCounts']
export type MeasureKind = Schemas['MeasureKind']

export type BadRow = Schemas['BadRow']
export type Problem = Schemas['Problem']
/** One page of a list; `next` is the cursor of the page after it, absent or null on the last. */
export type Page<T> = Omit<Schemas['Page_DutyRow'], 'items'> & { items: T[] }

export type OrgRef = Schemas['OrgRef']
export type SampleAccount = Schemas['SampleAccount']
export type Meta = Schemas['Meta']
export type Me = Schemas['Me']
export type SignIn = Schemas['SignIn']
export type TotpStart = Schemas['TotpSetup']

export type Org = Schemas['Org']
export type OrgInput = Schemas['OrgInput']
export type Person = Schemas['Person']
export type PersonInput = Schemas['PersonInput']
export type PositionInput = Schemas['PositionInput']
export type Authority = Schemas['Authority']
export type Token = Schemas['Token']
export type NewToken = Schemas['NewToken']
export type Sector = Schemas['Sector']
export type Rulebook = Schemas['Rulebook']
export type CalendarReport = Schemas['CalendarReport']

export type ThingKind = Schemas['ThingKind']
export type Thing = Schemas['Thing']
export type ImportReport = Schemas['ImportReport']

export type Span = Schemas['Span']
export type Source = Schemas['Source']
export type Recurrence = Schemas['Recurrence']
export type Quantity = Schemas['Quantity']
export type Demand = Schemas['Demand']
export type Article = Schemas['Article']
export type Condition = Schemas['Condition']
export type Compiled = Schemas['Compiled']
export type Owners = Schemas['Owners']
export type NoticeRow = Schemas['NoticeRow']
export type Notice = Schemas['Notice']
export type Edit = Schemas['Edit']
export type PlanChange = Schemas['PlanChange']
export type Plan = Schemas['Plan']

export type Refusal = Schemas['RefusalView']
export type Action = Schemas['Action']
export type AttachmentRef = Schemas['FileRef']
export type FactView = Schemas['FactView']
export type DutyRow = Schemas['DutyRow']
export type EvidenceKind = Schemas['EvidenceKind']
export type Evidence = Schemas['EvidenceView']
export type Item = Schemas['ItemView']
export type Duty = Schemas['DutyView']
export type DutyCommand = Schemas['Command']
export type BulkCommand = Schemas['BulkCommand']
export type BulkReport = Schemas['BulkReport']

// Loops: the document has their lights as plain strings and values as objects.
/** How a loop stands. */
export type LoopLight = 'overdue' | 'due-soon' | 'in-time' | 'none' | 'closed' | 'ended' | 'voided'
export type LoopStage = Schemas['Stage']
export type LoopRow = Omit<Schemas['LoopRow'], 'light'> & { light: LoopLight }
export type LoopFile = Schemas['LoopFile']
export type LoopValue = Omit<Schemas['ValueView'], 'raw'> & { raw?: unknown }
export type LoopClock = Schemas['ClockView']
export type LoopTold = Omit<Schemas['StoryView'], 'values'> & { values: LoopValue[] }
export type LoopView = Omit<Schemas['LoopView'], 'light' | 'values' | 'story'> & { light: LoopLight; values: LoopValue[]; story: LoopTold[] }
export type LoopRefusal = Schemas['LoopRefusal']
export type LoopCommand = Schemas['What']

export type InboxItem = Schemas['InboxItem']
export type Inbox = Schemas['Inbox']
export type OrgStanding = Schemas['CockpitOrg']
export type Cockpit = Schemas['Cockpit']

export type Block = Schemas['Block']
export type BulletinDraft = Schemas['BulletinDraft']
export type LetterDraft = Schemas['LetterDraft']

export type LedgerStatus = Schemas['LedgerStatus']
export type Proof = Schemas['Proof']
export type VerifyReport = Schemas['VerifyReport']
export type Hit = Schemas['Hit']

// What the document cannot say: the body of an event on `/events`, and words it gives as plain strings.

/** One fact as `/events` announces it. */
export interface LiveFact { seq: number; kind: string; stream: string; org: string | null; zh: string; en: string; recorded: string }
/** The letters the ladder can write; the document has them as text. */
export type LetterKind = 'reminder' | 'circular' | 'interview' | 'supervision'
