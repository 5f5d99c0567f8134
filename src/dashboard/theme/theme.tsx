/** Light, dark, or as the system says. What a reader chose is kept in the browser. */
import { useEffect, useState } from 'react'
import { keepChoice, keptChoice } from '../language/kept-choice.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => keptChoice('theme', THEMES) ?? 'system')
  useEffect(() => {
    const { dataset } = document.documentElement
    if (theme === 'system') delete dataset.theme
    else dataset.theme = theme
  }, [theme])
  const choose = (chosen: Theme) => {
    keepChoice('theme', chosen)
    setTheme(chosen)
  }
  return [theme, choose]
}
