// Naive UI in the portal's colours. Kept equal to the variables in base.css.
import type { GlobalThemeOverrides } from 'naive-ui'

const font = '"PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", system-ui, sans-serif'

export function overrides(dark: boolean): GlobalThemeOverrides {
  const accent = dark ? '#58b8b1' : '#0b6767'
  const error = dark ? '#ff7b80' : '#c2202b'
  return {
    common: {
      fontFamily: font,
      fontSize: '14px',
      borderRadius: '5px',
      primaryColor: accent,
      primaryColorHover: dark ? '#74cbc4' : '#0f7d7d',
      primaryColorPressed: dark ? '#48a49d' : '#085252',
      primaryColorSuppl: accent,
      errorColor: error,
      errorColorHover: error,
      errorColorPressed: error,
      errorColorSuppl: error,
      warningColor: dark ? '#f5a25d' : '#a84d07',
      infoColor: accent,
      successColor: accent,
      bodyColor: dark ? '#0e1319' : '#f3f5f7',
      cardColor: dark ? '#161d26' : '#ffffff',
      modalColor: dark ? '#161d26' : '#ffffff',
      popoverColor: dark ? '#1d2631' : '#ffffff',
      inputColor: dark ? '#1d2631' : '#ffffff',
      borderColor: dark ? '#37444f' : '#c8d0da',
      dividerColor: dark ? '#2a3542' : '#dbe0e7',
      placeholderColor: dark ? '#8593a3' : '#6a7787',
      textColorBase: dark ? '#e4e9ef' : '#18212c',
    },
    Button: { textColorPrimary: dark ? '#06201f' : '#ffffff', textColorHoverPrimary: dark ? '#06201f' : '#ffffff', textColorPressedPrimary: dark ? '#06201f' : '#ffffff', textColorFocusPrimary: dark ? '#06201f' : '#ffffff' },
  }
}
