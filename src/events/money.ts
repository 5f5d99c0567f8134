/** Prices as clients send them, and money as integer minor units. */

export type PriceFault = 'price_invalid' | 'price_negative' | 'price_too_precise' | 'price_too_large'

/** The most that one line of an order may cost, so that sums stay far below the limit of exact integers. */
export const MAX_MINOR_UNITS = 1e11

/** What summing JavaScript floats may add to or take from a price. */
const FLOAT_NOISE = 1e-6

/**
 * The currencies whose minor unit in ISO 4217 is not a hundredth. ICU is no source for it: its data (CLDR) give the
 * digits that people write, and so none for ALL, AFN, COP, HUF, IDR, PKR and a dozen more, where ISO 4217 has two; and
 * they change with the release of Node, while sums that are stored must not change their unit.
 */
const DECIMALS = new Map<string, number>([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF'].map(code => [code, 0] as const),
  ...['UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map(code => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map(code => [code, 3] as const),
  ...['CLF', 'UYW'].map(code => [code, 4] as const),
])

/** Active codes of ISO 4217, most of them units of account, that ICU does not list. */
const UNLISTED = ['BOV', 'CHE', 'CHW', 'CLF', 'COU', 'MXV', 'USN', 'UYI', 'UYW', 'VED']

/** ICU lists what is legal tender, and what lately was, as an old event may have it. */
const CODES = new Set([...Intl.supportedValuesOf('currency'), ...UNLISTED])

/** How many decimals a currency has by ISO 4217; undefined for a code (upper case) that is none. */
export function currencyDecimals(code: string): number | undefined {
  return CODES.has(code) ? decimalsOf(code) : undefined
}

function decimalsOf(code: string): number {
  return DECIMALS.get(code) ?? 2
}

export type NormalisedPrice = { ok: true; price: string } | { ok: false; fault: PriceFault }

/**
 * The canonical decimal string of a price: `9.99`, `10`, without trailing zeros. The noise of a float (below 1e-6) is
 * rounded away; a string is taken at its word.
 */
export function normalisePrice(value: number | string, currency: string): NormalisedPrice {
  const decimals = decimalsOf(currency)
  return typeof value === 'number' ? fromNumber(value, decimals) : fromString(value, decimals)
}

function fromNumber(value: number, decimals: number): NormalisedPrice {
  if (!Number.isFinite(value)) return refused('price_invalid')
  if (value <= -FLOAT_NOISE) return refused('price_negative')
  if (value * 10 ** decimals >= MAX_MINOR_UNITS + 1) return refused('price_too_large')
  const rounded = Math.abs(value).toFixed(decimals)
  if (Math.abs(Math.abs(value) - Number(rounded)) >= FLOAT_NOISE) return refused('price_too_precise')
  return fromString(rounded, decimals)
}

function fromString(text: string, decimals: number): NormalisedPrice {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return refused('price_invalid')
  const [, sign, whole = '', fraction = ''] = match
  const units = whole.replace(/^0+(?=\d)/, '')
  const kept = fraction.slice(0, lengthWithoutZeros(fraction))
  if (sign && (units !== '0' || kept)) return refused('price_negative')
  if (kept.length > decimals) return refused('price_too_precise')
  if (Number(units + kept.padEnd(decimals, '0')) > MAX_MINOR_UNITS) return refused('price_too_large')
  return { ok: true, price: kept ? `${units}.${kept}` : units }
}

function refused(fault: PriceFault): NormalisedPrice {
  return { ok: false, fault }
}

/** A loop, for `/0+$/` takes quadratic time on a long run of zeros that something follows. */
function lengthWithoutZeros(fraction: string): number {
  let length = fraction.length
  while (length > 0 && fraction[length - 1] === '0') length--
  return length
}

/** A canonical price in the currency's smallest unit: `9.99` is 999 in EUR, and 9990 in KWD, which has three decimals. */
export function minorUnits(price: string, currency: string): number {
  const decimals = decimalsOf(currency)
  const point = price.indexOf('.')
  if (point < 0) return Number(price) * 10 ** decimals
  return Number(price.slice(0, point) + price.slice(point + 1).padEnd(decimals, '0'))
}

/** Splits `total` (at least 0) into `parts` (at least 1) shares without loss; the first ones take the remainder. */
export function splitMinorUnits(total: number, parts: number): number[] {
  const share = Math.floor(total / parts)
  const remainder = total - share * parts
  return Array.from({ length: parts }, (_, i) => (i < remainder ? share + 1 : share))
}
