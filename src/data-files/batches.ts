/** How much is read from a store, or written to a store or a file, in one go. */

/** Log entries or documents that are read from a store at once. */
export const PAGE = 500

const BATCH = 1_000
/** One document may have a million characters. */
const BATCH_CHARACTERS = 4 * 2 ** 20

/** Groups items into batches of at most 1,000, which end early where they have 4 Mi characters or more. */
export async function* inBatches<T>(items: AsyncIterable<T>, charactersOf: (item: T) => number): AsyncGenerator<T[]> {
  let batch: T[] = []
  let characters = 0
  for await (const item of items) {
    batch.push(item)
    characters += charactersOf(item)
    if (batch.length < BATCH && characters < BATCH_CHARACTERS) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}
