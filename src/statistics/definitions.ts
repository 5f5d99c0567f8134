/** What each figure means, in the words that clients can show beside it. Made of the constants that the code counts by. */
import { createHash } from 'node:crypto'

/** The same in Spanish and in English. */
export interface Texts {
  es: string
  en: string
}

export interface Definition {
  /** The field of the answers. */
  figure: string
  name: Texts
  unit: 'events' | 'listeners' | 'artists' | 'tracks' | 'money' | 'per cent' | 'position' | 'days' | 'score'
  /** How it is counted, in one sentence. */
  rule: Texts
  /** What is not counted. */
  excluded: readonly Texts[]
  /** The setting that changes the rule; null where none does. */
  setting: { name: string; value: string } | null
}

export interface Definitions {
  /** Changes when any definition or setting does. */
  version: string
  items: readonly Definition[]
}

/** What definitions depend on. */
export interface CountingSettings {
  /** ISO 4217. */
  defaultCurrency: string
}

export function definitionsOf({ defaultCurrency }: CountingSettings): Definitions {
  const items: Definition[] = []
  void defaultCurrency
  return { version: createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 12), items }
}
