// The component library's own words.
export { dateZhCN as dateLocale, zhCN as locale } from 'naive-ui'
