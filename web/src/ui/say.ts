// Texts that come from the server in both languages.
import { useI18n } from 'vue-i18n'

/** Picks the reader's language; falls back to the other when one is missing. */
export function useSay(): (text: { zh: string; en?: string | null } | null | undefined) => string {
  const { locale } = useI18n()
  return (text) => {
    if (!text) return ''
    return locale.value.startsWith('zh') ? text.zh : text.en || text.zh
  }
}
