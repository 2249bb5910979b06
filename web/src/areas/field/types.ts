import type { FormValues, Point } from '@/ui/form/types'

export type RecordKind = 'hazard' | 'accident'
/** draft: being written; waiting: to be sent; refused: the server said no, a person has to look; sent: arrived. */
export type RecordState = 'draft' | 'waiting' | 'refused' | 'sent'

export interface FieldFile { id: string; name: string; type: string; size: number; into: 'photos' | 'voice'; sha256: string | null }
export interface FieldRefusal { zh: string; en: string; detail: string; field: string | null }

/** Something recorded on the spot. It keeps its own time and place, however late it is sent. */
export interface FieldRecord {
  id: string
  person: string
  kind: RecordKind
  state: RecordState
  /** Place in the order of sending. */
  order: number
  /** Given when it was recorded, so that it arrives once however often it is sent. */
  key: string
  /** The request has left once: what it says may no longer change under this key. */
  tried: boolean
  /** When it was seen, in milliseconds since 1970 by the server's clock. */
  made: number | null
  place: Point | null
  /** Metres. */
  accuracy: number | null
  org: { id: string; name: string } | null
  values: FormValues
  files: FieldFile[]
  refusal: FieldRefusal | null
  /** What it became. */
  loop: { id: string; number: string } | null
}

/** A unit as the device keeps it for choosing without a network. */
export interface Unit { id: string; name: string; short: string; kind: string; place: Point | null }
