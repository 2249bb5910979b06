import { ref, watchEffect } from 'vue'

export type Theme = 'light' | 'dark'
const KEY = 'anlan:theme'

function first(): Theme {
  const kept = localStorage.getItem(KEY)
  if (kept === 'light' || kept === 'dark') return kept
  return typeof matchMedia !== 'undefined' && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export const theme = ref<Theme>(first())

watchEffect(() => { document.documentElement.dataset.theme = theme.value })

export function turnTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  localStorage.setItem(KEY, theme.value)
}
