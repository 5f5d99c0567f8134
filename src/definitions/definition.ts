/** What a definition is: what a figure means, in words that clients can show beside it. */
/** The same in Spanish and in English. */
export interface Texts {
  es: string
  en: string
}

export const UNITS = [
  'events',
  'plays',
  'listeners',
  'likes',
  'follows',
  'order lines',
  'money',
  'artists',
  'tracks',
  'items',
  'per cent',
  'position',
  'weeks',
  'score',
  'day',
] as const

export interface Definition {
  /** The field of the answers. */
  figure: string
  name: Texts
  unit: (typeof UNITS)[number]
  /** How it is counted, in one sentence. */
  rule: Texts
  /** What is not counted; empty where all is. */
  excluded: readonly Texts[]
  /** The setting that changes the rule, and its value; null where none does. */
  setting: { name: string; value: string } | null
}

export interface Definitions {
  /** Changes with any definition, and with any setting that one names. */
  version: string
  items: readonly Definition[]
}

/** The settings that figures depend on. */
export interface CountingSettings {
  /** ISO 4217. */
  defaultCurrency: string
  /** A play that was shorter, in milliseconds, and shorter than half of the track, is a skip. */
  playMinMs: number
  /** How many plays of one listener count in charts, of a track and a day; null: all. */
  chartPlaysPerListener: number | null
}

export const text = (es: string, en: string): Texts => ({ es, en })

export const ANONYMOUS = text('Las reproducciones anónimas.', 'Anonymous plays.')

/** A figure from which nothing is excluded, and that no setting changes. */
export const figure = (figure: string, unit: Definition['unit'], name: Texts, rule: Texts): Definition => ({
  figure,
  name,
  unit,
  rule,
  excluded: [],
  setting: null,
})
