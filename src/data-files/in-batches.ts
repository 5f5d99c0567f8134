/** What is written to the store in one go, give or take an item. */
const BATCH = 1_000
/** Characters, for a document may have a million. */
const BATCH_CHARACTERS = 4 * 2 ** 20

/** `charactersOf`: of one item. */
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
