/** The fields `currency` and `price`. */
import { Type } from 'typebox'
import { currencyDecimals } from '../currencies.ts'
import { isExactNumber } from './exact-json.ts'
import { field, isAbsent } from './field.ts'
import { MAX_MINOR_UNITS, normalisePrice, PRICE, type PriceFault } from './money.ts'
import type { Currency, Scope } from './scope.ts'

const UNKNOWN: Currency = { code: undefined, isKnown: false }

export const currency = field(
  [Type.String({ format: 'currency', pattern: '^[A-Za-z]{3}$' }), Type.Null()],
  // `currencyOf` has parsed it for the prices beside it.
  (value, _key, scope) => (isAbsent(value) ? undefined : scope.currency.code),
  'ISO 4217; where it is absent, the default currency of the service.',
  'EUR',
)

/** What the prices in an object are in whose field `currency` has this value. */
export function currencyOf(value: unknown, scope: Scope): Currency {
  if (isAbsent(value)) return scope.currency
  if (typeof value !== 'string') {
    scope.fault('currency', 'wrong_type', 'must be a string')
    return UNKNOWN
  }
  const code = value.length === 3 ? value.toUpperCase() : value
  if (currencyDecimals(code) !== undefined) return { code, isKnown: true }
  scope.fault('currency', 'currency_unknown', 'must be an ISO 4217 currency code')
  return UNKNOWN
}

export const price = field(
  [Type.Number({ minimum: 0 }), Type.String({ format: 'price', pattern: PRICE.source }), Type.Null()],
  parsePrice,
  'A number or a decimal string, not negative, with no more decimals than the currency has. The noise of a ' +
    'floating-point number (below 0.000001) is rounded away.',
  9.99,
  '9.99',
)

export const PRICE_MESSAGES: Record<PriceFault, string> = {
  price_invalid: 'must be a number or a decimal string',
  price_negative: 'must not be negative',
  price_too_precise: 'must not have more decimals than its currency',
  price_too_large: `must not exceed ${MAX_MINOR_UNITS} of the smallest unit, times the quantity`,
}

function parsePrice(value: unknown, key: string, scope: Scope): string | undefined {
  if (isAbsent(value)) return undefined
  const amount = isExactNumber(value) ? value.rawJSON : value
  if (typeof amount !== 'number' && typeof amount !== 'string') {
    return scope.fault(key, 'wrong_type', PRICE_MESSAGES.price_invalid)
  }
  const { currency, event } = scope
  const result = normalisePrice(amount, currency.code ?? event.defaultCurrency)
  if (!result.ok) {
    // How precise and how large a price may be depends on its currency.
    const isCertain = currency.isKnown || result.fault === 'price_invalid' || result.fault === 'price_negative'
    return isCertain ? scope.fault(key, result.fault, PRICE_MESSAGES[result.fault]) : undefined
  }
  if (currency.code === undefined) event.needsCurrency = true
  return result.price
}
