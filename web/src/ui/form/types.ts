// A form as the server describes it: which fields, of what kind, when they are asked. Any area and the public pages
// may show one; nothing here knows what it is about.
import type { AttachmentRef } from '@/api/types'

export interface Word { code: string; zh: string; en: string }
export type FieldKind = 'text' | 'long' | 'number' | 'flag' | 'choice' | 'many' | 'table' | 'date' | 'instant' | 'org' | 'files' | 'photos' | 'rows' | 'place' | 'criterion' | 'loop'
export type Need = 'must' | 'may' | 'when' | 'may-when'

export interface FormField {
  code: string
  zh: string
  en: string
  kind: FieldKind
  need: Need
  /** The field of the same form that decides, and the values with which this one is asked. */
  when?: { field: string; values: string[] } | null
  hint_zh?: string | null
  hint_en?: string | null
  unit?: string | null
  min?: number | null
  max?: number | null
  whole?: boolean
  words?: Word[]
  fields?: FormField[]
  kinds?: string[]
  party?: string | null
  personal?: boolean
}

/** A point in WGS-84, degrees. */
export interface Point { lon: number; lat: number }
export type FormValue = string | number | boolean | string[] | AttachmentRef[] | Point | FormValues[] | null | undefined
export interface FormValues { [code: string]: FormValue }
