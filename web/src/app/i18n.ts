import type { NDateLocale, NLocale } from 'naive-ui'
import { shallowRef } from 'vue'
import { createI18n } from 'vue-i18n'

export type Locale = 'zh' | 'en'
const KEY = 'anlan:locale'

export const i18n = createI18n<false>({ legacy: false, locale: 'zh', fallbackLocale: 'zh', missingWarn: false, fallbackWarn: false, messages: {} })

const loaders: Record<Locale, () => Promise<{ default: Record<string, object> }>> = {
  zh: () => import('./words/zh'),
  en: () => import('./words/en'),
}

const components: Record<Locale, () => Promise<{ locale: NLocale; dateLocale: NDateLocale }>> = {
  zh: () => import('./components-zh'),
  en: () => import('./components-en'),
}
/** The words of the component library in the page's language. */
export const componentWords = shallowRef<{ locale: NLocale; dateLocale: NDateLocale }>()

export function storedLocale(): Locale {
  return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh'
}

/** Loads the words if needed, then turns the page to them. */
export async function setLocale(locale: Locale): Promise<void> {
  const library = components[locale]()
  if (!(i18n.global.availableLocales as string[]).includes(locale)) {
    i18n.global.setLocaleMessage(locale, (await loaders[locale]()).default as never)
  }
  componentWords.value = await library
  i18n.global.locale.value = locale
  localStorage.setItem(KEY, locale)
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en'
}
