/** The currencies that events and settings may name, with their numbers of decimals. */
import * as ISO_4217 from 'dinero.js/currencies'

/**
 * Codes that ISO 4217 has withdrawn (ANG, BGN, CUC, HRK, SLL, ZWL) or lists without a minor unit (XDR, XSU). Stored events
 * have them: they must neither be refused when they are sent again nor change their unit.
 */
const KEPT = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'XDR', 'XSU', 'ZWL']

/**
 * Code (upper case) → decimals by ISO 4217. ICU is no source for them: its data (CLDR) give the digits that people write,
 * and so none for ALL, AFN, COP, HUF, IDR, PKR and a dozen more, where ISO 4217 has two; it lacks the units of account; and
 * it changes with the release of Node. The package counts the ariary (MGA) and the ouguiya (MRU) in fifths, as their coins
 * are; ISO 4217 gives both two decimals.
 */
export const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...Object.values(ISO_4217).map(({ code, base, exponent }): [string, number] => [code, base === 10 ? exponent : 2]),
  ...KEPT.map((code): [string, number] => [code, 2]),
])

/** How many decimals a currency has by ISO 4217; undefined for a code (upper case) that is none. */
export function currencyDecimals(code: string): number | undefined {
  return DECIMALS.get(code)
}
