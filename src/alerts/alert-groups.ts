/** Under which groups and ids of documents the alerts of an artist are kept. */

import { foldText } from '../identity/fold-text.ts'
import { ALERTS } from '../storage/collections.ts'
import type { Documents } from '../storage/storage.ts'

/** No key begins with a space. */
const ASKED = ' asked: '

export interface Groups {
  /** Of the service's own alerts; earlier versions kept here too what was asked for. */
  automatic: string[]
  /** Of alerts that were asked for. */
  asked: string[]
}

/** Where an alert is to be kept. */
export interface Place {
  group: string
  id: string
}

/**
 * Alerts are kept under the artist's key, those that were asked for apart, so that they hold up no other ones. Older ones of
 * artists that nobody knew were kept as each was spelled in the request; none are added, so it is enough to look once how.
 */
export class AlertGroups {
  readonly #documents: Documents
  #spellings: Promise<Map<string, string[]>> | undefined

  constructor(documents: Documents) {
    this.#documents = documents
  }

  /** The groups of the artist with these keys. @throws StoreUnavailable */
  async of(keys: readonly string[]): Promise<Groups> {
    this.#spellings ??= this.#read().catch(error => {
      this.#spellings = undefined
      throw error
    })
    const spellings = await this.#spellings
    const automatic = [...new Set(keys.flatMap(key => [key, ...(spellings.get(key) ?? [])]))]
    return { automatic, asked: keys.map(key => ASKED + key) }
  }

  /**
   * The place of the next alert under a key. Taken before looking whether the artist is cooling down, it is the lock: of
   * several who add an alert there, one does, and none where one came in between.
   * @throws StoreUnavailable
   */
  async next(key: string, { automatic }: { automatic: boolean }): Promise<Place> {
    const group = automatic ? key : ASKED + key
    const [last] = await this.#documents.list(ALERTS, { group, limit: 1 })
    const n = Number(/\d*$/.exec(last?.id ?? '')![0]) + 1
    return { group, id: `${key}/${automatic ? '' : 'asked-'}${n}` }
  }

  /** The groups that are no keys, by what they are as folded names. */
  async #read(): Promise<Map<string, string[]>> {
    const spellings = new Map<string, string[]>()
    for (const group of (await this.#documents.counts(ALERTS)).keys()) {
      const folded = foldText(group)
      if (group !== folded && !group.startsWith(ASKED)) {
        spellings.set(folded, [...(spellings.get(folded) ?? []), group])
      }
    }
    return spellings
  }
}
