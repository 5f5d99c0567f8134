/** The cursor of a listing of documents: where the page before ended. */
import { invalidInput } from './errors.ts'

/** Every text of this pattern is a cursor: an integer in base 36, of which so many digits are never too large. */
export const CURSOR_PATTERN = '[0-9a-z]{1,10}'

const WHOLE = new RegExp(`^${CURSOR_PATTERN}$`)

/** The cursor of the page that goes on after the document of this order. */
export function cursorAt(order: number): string {
  return order.toString(36)
}

/** The order after which a page goes on. @throws ServiceError 400 `cursor_invalid` */
export function orderOf(cursor: string): number {
  if (WHOLE.test(cursor)) return Number.parseInt(cursor, 36)
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is not a cursor that a listing gave' }])
}
