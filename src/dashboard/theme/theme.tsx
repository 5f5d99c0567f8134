/** Light, dark, or as the system says. What a reader chose is kept in the browser, and set by `before-paint.js` the next time. */
import { useState } from 'react'
import { keepChoice, keptChoice } from '../language/kept-choice.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => keptChoice('theme', THEMES) ?? 'system')
  const choose = (chosen: Theme) => {
    const { dataset } = document.documentElement
    if (chosen === 'system') delete dataset.theme
    else dataset.theme = chosen
    keepChoice('theme', chosen)
    setTheme(chosen)
  }
  return [theme, choose]
}
