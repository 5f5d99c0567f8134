/** Prices as clients send them, and money as integer minor units. */
import { DECIMALS } from '../currencies.ts'

export type PriceFault = 'price_invalid' | 'price_negative' | 'price_too_precise' | 'price_too_large'

/** The most that a price, a line of an order (price × quantity) or an order may be, in minor units: 10,000,000,000.00 €. */
export const MAX_MINOR_UNITS = 1e12

/** Every decimal of so many digits is another double. */
const EXACT_DIGITS = 15

/** What summing JavaScript floats may add to or take from a price. */
const FLOAT_NOISE = 1e-6

function decimalsOf(currency: string): number {
  return DECIMALS.get(currency) ?? 2
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

/** A price as text: digits, and perhaps a minus and decimals. */
export const PRICE = /^-?\d+(\.\d+)?$/

function fromString(text: string, decimals: number): NormalisedPrice {
  const match = PRICE.exec(text)
  if (!match) return refused('price_invalid')
  const [, fraction = ''] = match
  const isSigned = text.startsWith('-')
  const whole = text.slice(isSigned ? 1 : 0, text.length - fraction.length)
  const units = whole.replace(/^0+(?=\d)/, '')
  const kept = fraction.slice(1, lengthWithoutZeros(fraction))
  if (isSigned && (units !== '0' || kept)) return refused('price_negative')
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

/**
 * Minor units in major ones: 999 is 9.99. What a double does not hold to the last digit is the decimal's text, which has
 * 16 digits or more.
 */
export function majorUnits(minor: bigint, currency: string): number | string {
  const decimals = decimalsOf(currency)
  const isNegative = minor < 0n
  const digits = String(isNegative ? -minor : minor)
  // Dividing by a power of ten gives the double nearest to the decimal number, which is written as that one again.
  if (digits.length <= EXACT_DIGITS) return Number(minor) / 10 ** decimals
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals)
  const kept = fraction.slice(0, lengthWithoutZeros(fraction))
  return (isNegative ? '-' : '') + (kept ? `${whole}.${kept}` : whole)
}

/** Splits `total` (at least 0) into `parts` (at least 1) shares without loss; the first ones take the remainder. */
export function splitMinorUnits(total: number, parts: number): number[] {
  const share = Math.floor(total / parts)
  const remainder = total - share * parts
  return Array.from({ length: parts }, (_, i) => (i < remainder ? share + 1 : share))
}
