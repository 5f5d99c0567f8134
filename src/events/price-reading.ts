/** Reading currencies and prices. */

import { currencyDecimals } from '../currencies.ts'
import { isExactNumber } from './exact-json.ts'
import { isAbsent, type Reading, report } from './field-reading.ts'
import { MAX_MINOR_UNITS, normalisePrice, type PriceFault } from './money.ts'

/** The currency of prices in an object. */
export interface Currency {
  /** What the object itself names. */
  own: string | undefined
  /** What its prices are in; undefined: the default currency. */
  applies: string | undefined
  /** False where it names one that does not exist. */
  known: boolean
}

const UNNAMED: Currency = { own: undefined, applies: undefined, known: true }
const UNKNOWN: Currency = { own: undefined, applies: undefined, known: false }

export function readCurrency(value: unknown, parent: string, reading: Reading): Currency {
  if (isAbsent(value)) return UNNAMED
  if (typeof value !== 'string') report(reading, parent, 'currency', 'wrong_type', 'must be a string')
  else {
    const code = value.length === 3 ? value.toUpperCase() : value
    if (currencyDecimals(code) !== undefined) return { own: code, applies: code, known: true }
    report(reading, parent, 'currency', 'currency_unknown', 'must be an ISO 4217 currency code')
  }
  return UNKNOWN
}

export const PRICE_MESSAGES: Record<PriceFault, string> = {
  price_invalid: 'must be a number or a decimal string',
  price_negative: 'must not be negative',
  price_too_precise: 'must not have more decimals than its currency',
  price_too_large: `must not exceed ${MAX_MINOR_UNITS} of the smallest unit, times the quantity`,
}

export function readPrice(value: unknown, parent: string, currency: Currency, reading: Reading): string | undefined {
  if (isAbsent(value)) return undefined
  const given = isExactNumber(value) ? value.rawJSON : value
  if (typeof given !== 'number' && typeof given !== 'string') {
    report(reading, parent, 'price', 'wrong_type', PRICE_MESSAGES.price_invalid)
    return undefined
  }
  const result = normalisePrice(given, currency.applies ?? reading.defaultCurrency)
  if (!result.ok) {
    // Without its currency, nobody knows how precise or large a price may be.
    const isCertain = currency.known || result.fault === 'price_invalid' || result.fault === 'price_negative'
    if (isCertain) report(reading, parent, 'price', result.fault, PRICE_MESSAGES[result.fault])
    return undefined
  }
  if (currency.applies === undefined) reading.needsCurrency = true
  return result.price
}
