import { useI18n } from 'vue-i18n'
import type { OrgRef } from '@/api/types'

/** Pairs the server names `x_zh` and `x_en`, and texts `text`/`text_en`, in the reader's language. */
export function usePair() {
  const { locale } = useI18n()
  const pick = (zh: string | null | undefined, en: string | null | undefined): string => (locale.value.startsWith('zh') ? zh || en : en || zh) ?? ''
  /** `pair(row, 'state')` reads `state_zh` or `state_en`. */
  const pair = (of: object, name: string): string => {
    const from = of as Record<string, string | null | undefined>
    return pick(from[`${name}_zh`], from[`${name}_en`])
  }
  return { pick, pair }
}

/** A unit that may come as a reference or as its name. */
export function orgName(org: OrgRef | string | null | undefined): string {
  return typeof org === 'string' ? org : (org?.name ?? '')
}

/** A person and his unit; the unit is left out where the person's name already says it. */
export function whoAndWhere(by: string | null | undefined, org: OrgRef | string | null | undefined): string {
  const unit = orgName(org)
  const first = by?.split(/\s/)[0] ?? ''
  return [by, unit && first.length > 1 && unit.includes(first) ? '' : unit].filter(Boolean).join(' · ')
}
