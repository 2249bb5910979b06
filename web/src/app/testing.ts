// What every component test needs: the words, and a way to mount with them.
import { config } from '@vue/test-utils'
import { i18n } from './i18n'
import en from './words/en'
import zh from './words/zh'

i18n.global.setLocaleMessage('zh', zh as never)
i18n.global.setLocaleMessage('en', en as never)
i18n.global.locale.value = 'zh'
config.global.plugins = [i18n]
