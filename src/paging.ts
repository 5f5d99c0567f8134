/** Listings of documents, the newest first, in pages. */
import { invalidInput } from './errors.ts'

export interface PageQuery {
  /** At least 1. */
  limit: number
  /** `nextCursor` of the page before; undefined: the first page. */
  cursor?: string | undefined
}

export interface Page<T> {
  items: T[]
  /** null on the last page. */
  nextCursor: string | null
}

/** Every text of this pattern is a cursor: an integer in base 36, of which so many digits are never too large. */
export const CURSOR_PATTERN = '[0-9a-z]{1,10}'

const WHOLE = new RegExp(`^${CURSOR_PATTERN}$`)

/**
 * A page of what `list` gives: its newest entries, at most `limit`, with an order below `before`. `fit` may leave out the
 * last entries of the page, but not all of them; the next page begins with them.
 * @throws ServiceError 400 `cursor_invalid`
 */
export async function newestPage<T extends { order: number }>(
  { limit, cursor }: PageQuery,
  list: (range: { before?: number; limit: number }) => Promise<T[]>,
  fit: (items: readonly T[]) => readonly T[] = items => items,
): Promise<Page<T>> {
  const range = cursor === undefined ? {} : { before: orderOf(cursor) }
  // One more than is shown tells whether there is another page.
  const found = await list({ ...range, limit: limit + 1 })
  const items = [...fit(found.slice(0, limit))]
  const last = items.at(-1)
  return { items, nextCursor: last && found.length > items.length ? last.order.toString(36) : null }
}

function orderOf(cursor: string): number {
  if (WHOLE.test(cursor)) return Number.parseInt(cursor, 36)
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is not a cursor that a listing gave' }])
}
