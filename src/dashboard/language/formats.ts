/** Numbers, amounts, dates and lengths of time as the reader's language writes them. */
import { memoize } from '../memoize.ts'
import { type Language, useLanguage } from './language.tsx'

/** Spanish as in Spain groups thousands from five digits on, which tables with shorter numbers beside would lose. */
const GROUPED = { useGrouping: 'always' } as const

export type Formats = ReturnType<typeof makeFormats>

/** The formats of the page's language. */
export function useFormats(): Formats {
  return formatsOf(useLanguage().language)
}

/** The formats of a language. */
const formatsOf = memoize(makeFormats)

function makeFormats(language: Language) {
  const number = new Intl.NumberFormat(language, { ...GROUPED, maximumFractionDigits: 1 })
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 })
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1, ...GROUPED })
  const change = new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
    ...GROUPED,
  })
  const plurals = new Intl.PluralRules(language)
  const moneyOf = memoize(
    (currency: string) => new Intl.NumberFormat(language, { style: 'currency', currency, ...GROUPED }),
  )
  const datesOf = memoize((options: string) => new Intl.DateTimeFormat(language, JSON.parse(options)))
  const dates = (options: Intl.DateTimeFormatOptions) => datesOf(JSON.stringify(options))
  return {
    /** `12.345` or `12,345`; at most one decimal. */
    number: (value: number) => number.format(value),
    /** `12,3 mil` or `12.3K`: for axes and narrow places, with the whole number elsewhere. */
    compact: (value: number) => compact.format(value),
    /** Of a share from 0 to 1. */
    percent: (share: number) => percent.format(share),
    /** Of a change in per cent, as the API gives it: `+12.5%`. */
    change: (perCent: number) => change.format(perCent / 100),
    /** Of an amount in a currency (ISO 4217). */
    money: (amount: number, currency: string) => moneyOf(currency).format(amount),
    /** `Nov 26, 2026` or `26 nov 2026`. */
    date: (at: string | number, tz: string) => dates({ dateStyle: 'medium', timeZone: tz }).format(new Date(at)),
    /** With hours and minutes. */
    dateTime: (at: string | number, tz: string) =>
      dates({ dateStyle: 'medium', timeStyle: 'short', timeZone: tz }).format(new Date(at)),
    /** By fields of your own, such as `{ weekday: 'short' }`. */
    dateParts: (at: string | number, tz: string, fields: Intl.DateTimeFormatOptions) =>
      dates({ ...fields, timeZone: tz }).format(new Date(at)),
    /** The form that goes with a number: `{ one: 'play', other: 'plays' }`. */
    plural: (count: number, forms: { one: string; other: string }) =>
      plurals.select(count) === 'one' ? forms.one : forms.other,
  }
}
