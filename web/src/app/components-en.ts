// The component library's own words.
export { dateEnUS as dateLocale, enUS as locale } from 'naive-ui'
