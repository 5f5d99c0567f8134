/** Walking through documents, however many there are. */
import type { Documents, StoredDocument } from './storage.ts'

/**
 * All documents of a collection, or of one group of it, the newest first, in pages of `limit`. What is put meanwhile is
 * newer than where the walk is, and no part of it.
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
