/** Under which groups of documents the alerts of an artist are found. */
import { foldText } from '../events/fold-text.ts'
import type { Documents } from '../storage/storage.ts'
import { COLLECTION } from './alert.ts'

/**
 * Alerts are kept under the artist's key. Older ones of artists that nobody knew were kept as each was spelled in the
 * request; none are added, so it is enough to look once how.
 */
export class AlertGroups {
  readonly #documents: Documents
  #spellings: Promise<Map<string, string[]>> | undefined

  constructor(documents: Documents) {
    this.#documents = documents
  }

  /** The groups of the artist with these keys. @throws StoreUnavailable */
  async of(keys: readonly string[]): Promise<string[]> {
    this.#spellings ??= this.#read().catch(error => {
      this.#spellings = undefined
      throw error
    })
    const spellings = await this.#spellings
    return [...new Set(keys.flatMap(key => [key, ...(spellings.get(key) ?? [])]))]
  }

  /** The groups that are no keys, by what they are as folded names. */
  async #read(): Promise<Map<string, string[]>> {
    const spellings = new Map<string, string[]>()
    for (const group of (await this.#documents.counts(COLLECTION)).keys()) {
      const folded = foldText(group)
      if (group !== folded) spellings.set(folded, [...(spellings.get(folded) ?? []), group])
    }
    return spellings
  }
}
