/** Parameters that several routes have. */
import { Type } from 'typebox'

/** How many rows an answer has: 1 to 100 everywhere. */
export function Limit(otherwise: number) {
  return Type.Integer({ minimum: 1, maximum: 100, default: otherwise, description: 'At most this many.' })
}
