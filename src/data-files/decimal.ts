/** The decimal numbers of BSON (Decimal128), as text. */

/** More digits than a Decimal128 has, and its point, sign and exponent. */
const MAX_LENGTH = 64
/** Beyond 10^40 and below 10^-40 the exponent stays, for its digits would fill pages. */
const MAX_EXPONENT = 40

/**
 * The text of a decimal without an exponent, which MongoDB writes where a Decimal128 has trailing zeros: `1E+1` is `10`,
 * `1.5E-3` is `0.0015`, `0E-2` is `0`. Undefined where it is no finite decimal.
 */
export function plainDecimal(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(value)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', power] = match
  if (power === undefined) return value
  const digits = whole + fraction
  const minus = sign === '-' ? '-' : ''
  if (/^0+$/.test(digits)) return `${minus}0`
  const exponent = Number(power)
  return Math.abs(exponent) > MAX_EXPONENT ? value : minus + withPoint(digits, whole.length + exponent)
}

/** The digits with the point behind the first `whole` of them. */
function withPoint(digits: string, whole: number): string {
  if (whole <= 0) return `0.${'0'.repeat(-whole)}${digits}`
  if (whole >= digits.length) return digits.padEnd(whole, '0')
  return `${digits.slice(0, whole)}.${digits.slice(whole)}`
}
