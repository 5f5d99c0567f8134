/** The order of ids, digit by digit: the measure of `compareIds`. */

const isNumber = (id: string): boolean => /^[0-9]+$/.test(id)

/** Numbers first, as numbers (of two that are equal, the one with more zeros before), then the others by code points. */
export function naiveOrder(a: string, b: string): number {
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1
  if (isNumber(a)) {
    const length = Math.max(a.length, b.length)
    const order = byCodePoints(a.padStart(length, '0'), b.padStart(length, '0'))
    if (order !== 0) return order
  }
  return byCodePoints(a, b)
}

/** Character by character, each as its number; what ends first is first. */
function byCodePoints(a: string, b: string): number {
  const [ofA, ofB] = [a, b].map(text => [...text].map(character => character.codePointAt(0)!)) as [number[], number[]]
  const place = ofA.findIndex((point, i) => point !== ofB[i])
  return place < 0 ? ofA.length - ofB.length : ofA[place]! - (ofB[place] ?? -1)
}
