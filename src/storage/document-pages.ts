/** Reads a whole collection of documents in pages. */
import type { Documents, StoredDocument } from './storage.ts'

/**
 * All documents of a collection, or of one group of it, the newest first, in pages of `limit`. Documents that are put
 * meanwhile are not included.
 */
export async function* documentPages(
  documents: Pick<Documents, 'list'>,
  collection: string,
  page: { group?: string; limit: number },
): AsyncGenerator<StoredDocument[]> {
  let found = await documents.list(collection, page)
  while (found.length > 0) {
    yield found
    if (found.length < page.limit) return
    found = await documents.list(collection, { ...page, before: found.at(-1)!.order })
  }
}
