import { useI18n } from 'vue-i18n'
import type { Condition, Demand, Quantity, Recurrence } from '@/api/types'

/** The compiler's fields put into words of the page's language. */
export function useWords() {
  const { t, te, n } = useI18n()

  function recurrence(value: Recurrence): string {
    const every = t(`notices.every.${value.every}`)
    const { at_least: least, at_most: most } = value
    if (least != null && most != null) {
      return least === most
        ? t('notices.words.timesExactly', { every, n: least })
        : t('notices.words.timesBetween', { every, least, most })
    }
    if (least != null) return t('notices.words.timesAtLeast', { every, n: least })
    if (most != null) return t('notices.words.timesAtMost', { every, n: most })
    return every
  }

  function quantity(value: Quantity): string {
    const what = value.what ?? ''
    const unit = value.unit
    if (value.at_least != null && value.at_most != null) {
      if (value.at_least === value.at_most) return t('notices.words.exactly', { n: n(value.at_least), unit, what })
      return t('notices.words.between', { least: n(value.at_least), most: n(value.at_most), unit, what })
    }
    if (value.at_least != null) return t('notices.words.atLeast', { n: n(value.at_least), unit, what })
    if (value.at_most != null) return t('notices.words.atMost', { n: n(value.at_most), unit, what })
    return what
  }

  function condition(value: Condition): string {
    const parts: string[] = []
    if (value.during) parts.push(t('notices.condition.during', { what: value.during }))
    if (value.within_months != null) parts.push(t('notices.condition.months', { n: value.within_months }))
    if (value.within_days != null) parts.push(t('notices.condition.days', { n: value.within_days }))
    const event = value.what ?? (te(`notices.event.${value.event}`) ? t(`notices.event.${value.event}`) : value.event)
    const grade = value.grade_at_least
      ? t('notices.condition.gradeAtLeast', { grade: value.grade_at_least })
      : (value.grade ?? '')
    const same = value.same_kind ? t('notices.condition.same') : ''
    parts.push(t('notices.condition.event', { same, grade, event }).trim())
    if (value.count != null) parts.push(t('notices.condition.count', { n: value.count }))
    return parts.join(t('notices.words.comma'))
  }

  /** `a06-2` as people say it: 6-2. */
  function number(demand: Pick<Demand, 'id'>): string {
    const match = /^a0*(\d+)-(\d+)$/.exec(demand.id)
    return match ? `${match[1]}-${match[2]}` : demand.id
  }

  return { recurrence, quantity, condition, number }
}
