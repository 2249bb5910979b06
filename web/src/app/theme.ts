import type { GlobalTheme } from 'naive-ui'
import { ref, shallowRef, watchEffect } from 'vue'

export type Theme = 'light' | 'dark'
const KEY = 'anlan:theme'

function first(): Theme {
  const kept = localStorage.getItem(KEY)
  if (kept === 'light' || kept === 'dark') return kept
  return typeof matchMedia !== 'undefined' && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export const theme = ref<Theme>(first())

/** The component library's dark colours, fetched when they are first wanted. */
export const darkComponents = shallowRef<GlobalTheme | null>(null)

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value
  if (theme.value === 'dark' && !darkComponents.value) void import('./components-dark').then(({ darkTheme }) => { darkComponents.value = darkTheme })
})

export function turnTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  localStorage.setItem(KEY, theme.value)
}
