/** Listings of documents in pages, the newest first. A cursor says where the page before ended. */
import { invalidInput } from './errors.ts'
import type { Documents, StoredDocument } from './storage/storage.ts'

/** Every text of this pattern is a cursor: an integer in base 36, of which so many digits are never too large. */
export const CURSOR_PATTERN = '[0-9a-z]{1,10}'

const WHOLE = new RegExp(`^${CURSOR_PATTERN}$`)

/** Which page of a listing is asked for. */
export interface PageQuery {
  /** Entries on a page, at least 1. */
  limit: number
  /** `nextCursor` of the page before; undefined: the first page. */
  cursor?: string | undefined
}

export interface Page<T> {
  items: T[]
  /** null on the last page. */
  nextCursor: string | null
}

interface PageChoice extends PageQuery {
  /** Only documents of this group, or of one of these; of all where it is absent. */
  group?: string | readonly string[] | undefined
  /** Characters of documents on a page, which has one document at least. */
  maxCharacters?: number
}

/** One page of a collection. `nextCursor`: null on the last page. @throws ServiceError 400 `cursor_invalid` */
export async function readPage(
  documents: Pick<Documents, 'list'>,
  collection: string,
  { group, limit, cursor, maxCharacters = Number.POSITIVE_INFINITY }: PageChoice,
): Promise<Page<StoredDocument>> {
  const choice = {
    ...(group === undefined ? {} : { group }),
    ...(cursor === undefined ? {} : { before: orderOf(cursor) }),
  }
  const found = await documents.list(collection, { ...choice, limit: limit + 1 })
  const shown = withinCharacters(found.slice(0, limit), maxCharacters)
  const last = shown.at(-1)
  return { items: shown, nextCursor: last && found.length > shown.length ? last.order.toString(36) : null }
}

/** The order after which a page goes on. */
function orderOf(cursor: string): number {
  if (WHOLE.test(cursor)) return Number.parseInt(cursor, 36)
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is not a cursor that a listing gave' }])
}

/** The first documents that have so many characters together; one at least. */
function withinCharacters(documents: StoredDocument[], max: number): StoredDocument[] {
  let left = max
  const end = documents.findIndex(({ value }, i) => {
    left -= value.length
    return left < 0 && i > 0
  })
  return end < 0 ? documents : documents.slice(0, end)
}
