/** The cursor of a listing of documents: where the page before ended. */
import { invalidInput } from './errors.ts'

/** The cursor of the page that goes on after the document of this order. */
export function cursorAt(order: number): string {
  return order.toString(36)
}

/** The order after which a page goes on. @throws ServiceError 400 `cursor_invalid` */
export function orderOf(cursor: string): number {
  const order = /^[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor, 36) : Number.NaN
  if (Number.isSafeInteger(order)) return order
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is not a cursor that a listing gave' }])
}
