/** The language of the page: Spanish or English. What a reader chose is kept in the browser. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import { keepChoice, keptChoice } from './kept-choice.ts'

export const LANGUAGES = ['es', 'en'] as const

export type Language = (typeof LANGUAGES)[number]

/** The texts of a part of the page in each language; the types hold both to the same keys. */
type InLanguages<Texts> = Readonly<Record<Language, Texts>>

const LanguageContext = createContext<{ language: Language; setLanguage: (language: Language) => void } | null>(null)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => keptChoice('language', LANGUAGES) ?? preferred())
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const value = useMemo(
    () => ({
      language,
      setLanguage(chosen: Language) {
        keepChoice('language', chosen)
        setLanguage(chosen)
      },
    }),
    [language],
  )
  return <LanguageContext value={value}>{children}</LanguageContext>
}

export function useLanguage() {
  const value = use(LanguageContext)
  if (!value) throw new Error('there is no LanguageProvider around')
  return value
}

/** These texts in the language of the page. */
export function useTexts<Texts>(texts: InLanguages<Texts>): Texts {
  return texts[useLanguage().language]
}

/** The first of the browser's languages that the page has, or English. */
function preferred(): Language {
  const wanted = navigator.languages.map(tag => tag.slice(0, 2).toLowerCase())
  return wanted.map(each => LANGUAGES.find(language => language === each)).find(each => each !== undefined) ?? 'en'
}
