/** The decimal numbers of BSON (Decimal128), as text. */

/** More digits than a Decimal128 has, and its point, sign and exponent. */
const MAX_LENGTH = 64
/** Of a value in another order of magnitude the exponent stays: nothing that is counted is so great or so small. */
const MAX_EXPONENT = 40

/**
 * The text of a decimal without an exponent, which is how a Decimal128 is written once it has trailing zeros: `1E+1` is
 * `10`, `1.5E-3` is `0.0015`, `0E-2` is `0`. Undefined for what is no finite decimal.
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
  return Math.abs(exponent) > MAX_EXPONENT ? value : minus + shifted(digits, whole.length + exponent)
}

/** The digits with the point behind the first `places` of them. */
function shifted(digits: string, places: number): string {
  if (places <= 0) return `0.${'0'.repeat(-places)}${digits}`
  if (places >= digits.length) return digits.padEnd(places, '0')
  return `${digits.slice(0, places)}.${digits.slice(places)}`
}
