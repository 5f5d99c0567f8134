/** Money as whole numbers of the smallest unit, taken digit by digit: the measure of `src/events/money.ts`. */

/** The decimals of ISO 4217, for the currencies that random events are in. */
export const NAIVE_DECIMALS: Record<string, number> = { EUR: 2, USD: 2, MGA: 2, JPY: 0, KWD: 3, CLF: 4 }

/** `9.99` is 999 in EUR and 9990 in KWD, whose thousandths are its smallest unit. */
export function naiveMinor(price: string, currency: string): bigint {
  const [whole = '', fraction = ''] = price.split('.')
  return BigInt(whole + fraction.padEnd(naiveDecimals(currency), '0'))
}

/** A price as the log keeps it, without zeros at its end: the inverse of `naiveMinor`. */
export function naivePrice(minor: number, currency: string): string {
  const decimals = naiveDecimals(currency)
  const digits = String(minor).padStart(decimals + 1, '0')
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)]
  return fraction === '' ? whole : `${whole}.${fraction}`.replace(/\.?0+$/, '')
}

/** Each takes its part of what is left, rounded up: so nothing is lost, and the first ones take the remainder. */
export function naiveSplit(total: bigint, parts: number): bigint[] {
  const shares: bigint[] = []
  let left = total
  for (let takers = BigInt(parts); takers > 0n; takers--) {
    const share = (left + takers - 1n) / takers
    shares.push(share)
    left -= share
  }
  return shares
}

function naiveDecimals(currency: string): number {
  const decimals = NAIVE_DECIMALS[currency]
  if (decimals === undefined) throw new Error(`no random event is in ${currency}`)
  return decimals
}
