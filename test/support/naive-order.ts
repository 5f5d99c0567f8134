/** The order of ids, digit by digit: the measure of `compareIds`. */

const isNumber = (id: string): boolean => /^[0-9]+$/.test(id)

/** Numbers first, as numbers (of two that are equal, the one with more zeros before), then the others by code units. */
export function naiveOrder(a: string, b: string): number {
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1
  if (isNumber(a)) {
    const length = Math.max(a.length, b.length)
    const order = byText(a.padStart(length, '0'), b.padStart(length, '0'))
    if (order !== 0) return order
  }
  return byText(a, b)
}

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
