/**
 * Artists that are requested or named by events, and that the catalogue's list of artists did not have when it was read last.
 * They may have been added since: then the list is to be read before it is due.
 */
import { mayBeOtherId } from './catalogue-record.ts'

/** The list is large: for unlisted artists, however many, it is read once in so long. */
const MIN_INTERVAL_MS = 60_000
/** For an artist whom it did not have, it is not read again before so long. */
const NOT_LISTED_MS = 600_000
const MAX_UNLISTED = 1_000
/** Requested artists that wait for the figures to say whether they have a record. */
const MAX_REQUESTED = 1_000
const MAX_NOT_LISTED = 10_000

export interface UnlistedArtistQuestions {
  /** Ids of at most `limit` artists for whom something was counted, and who have no record. */
  unlistedArtists: (limit: number) => Promise<string[]>
  /** Those of the ids that have no record. */
  unlistedAmong: (artistIds: string[]) => Promise<string[]>
}

export interface UnlistedArtistsParts {
  questions: UnlistedArtistQuestions
  /** Milliseconds of a monotonic clock. */
  monotonic: () => number
  /** Called when there are unlisted artists. */
  onFound: () => void
}

export class UnlistedArtists {
  readonly #parts: UnlistedArtistsParts
  #unlisted = new Set<string>()
  readonly #requested = new Set<string>()
  #checking: Promise<void> | undefined
  /** Until when the list is not read again for an artist, in monotonic milliseconds. */
  readonly #notListedUntil = new Map<string, number>()
  #listReadAt = Number.NEGATIVE_INFINITY

  constructor(parts: UnlistedArtistsParts) {
    this.#parts = parts
  }

  get areAny(): boolean {
    return this.#unlisted.size > 0
  }

  /** To be called when an artist is requested. Where the figures can't be asked now, the next request will check again. */
  onRequested(artistId: string): void {
    if (!mayBeOtherId(artistId) || this.#unlisted.has(artistId) || this.#isNotListed(artistId)) return
    if (this.#requested.size < MAX_REQUESTED) this.#requested.add(artistId)
    this.#checking ??= this.#checkRequested()
  }

  /** Looks for artists whom events name. */
  async search(): Promise<void> {
    this.#add(await this.#parts.questions.unlistedArtists(MAX_UNLISTED))
  }

  /** Whether the list should be read now for artists who still have no record. */
  async isListNeeded(): Promise<boolean> {
    const { questions, monotonic } = this.#parts
    if (!this.areAny || this.#listReadAt + MIN_INTERVAL_MS > monotonic()) return false
    this.#unlisted = new Set(await questions.unlistedAmong([...this.#unlisted]))
    return this.areAny
  }

  /** Reads the list for the present unlisted artists; returns what `read` returns. */
  async readList<T>(read: () => Promise<T>): Promise<T> {
    const artistIds = [...this.#unlisted]
    const result = await read()
    this.#listReadAt = this.#parts.monotonic()
    if (this.#notListedUntil.size + artistIds.length > MAX_NOT_LISTED) this.#notListedUntil.clear()
    for (const id of artistIds) {
      this.#unlisted.delete(id)
      this.#notListedUntil.set(id, this.#listReadAt + NOT_LISTED_MS)
    }
    return result
  }

  /** All requested artists together, since the figures answer few questions at a time. */
  async #checkRequested(): Promise<void> {
    while (this.#requested.size > 0) {
      const requested = [...this.#requested]
      this.#requested.clear()
      await this.#parts.questions.unlistedAmong(requested).then(
        ids => this.#add(ids),
        () => {},
      )
    }
    this.#checking = undefined
  }

  #add(artistIds: readonly string[]): void {
    for (const id of artistIds) {
      if (this.#unlisted.size < MAX_UNLISTED && !this.#isNotListed(id)) this.#unlisted.add(id)
    }
    if (this.areAny) this.#parts.onFound()
  }

  #isNotListed(artistId: string): boolean {
    return (this.#notListedUntil.get(artistId) ?? Number.NEGATIVE_INFINITY) > this.#parts.monotonic()
  }
}
