/**
 * Artists whom the list of artists did not have when it was read last, though somebody asks about them or events name
 * them: they may have come since, and then it is to be read before its time.
 */
import { looksLikeAnId } from '../statistics/unlisted-artists.ts'

/** The list is large: however many are missing from it, it is read for them once in so long. */
const PACE_MS = 60_000
/** Who is not on it then does not make it be read again for so long. */
const NOT_LISTED_MS = 600_000
const MAX_MISSING = 1_000
/** Of those whom somebody asked about while it was being looked up who the others are. */
const MAX_ASKED = 1_000
const MAX_NOT_LISTED = 10_000

export interface MissingArtistsParts {
  /** As `unlistedArtists` and `unlistedOf`. */
  unlisted: { counted: (limit: number) => Promise<string[]>; among: (artistIds: string[]) => Promise<string[]> }
  /** Milliseconds that no change of the clock touches. */
  monotonic: () => number
  /** Hears of it when somebody is missing. */
  onMissing: () => void
}

export class MissingArtists {
  readonly #parts: MissingArtistsParts
  #missing = new Set<string>()
  readonly #asked = new Set<string>()
  #lookingUp: Promise<void> | undefined
  /** Until when nobody looks for an artist again, in monotonic milliseconds. */
  #notListed = new Map<string, number>()
  #readAt = Number.NEGATIVE_INFINITY

  constructor(parts: MissingArtistsParts) {
    this.#parts = parts
  }

  get some(): boolean {
    return this.#missing.size > 0
  }

  /** Tells that somebody asks about an artist. Where the store can't say who that is, the next question will ask again. */
  asked(artistId: string): void {
    if (!looksLikeAnId(artistId) || this.#missing.has(artistId) || this.#isKnownMissing(artistId)) return
    if (this.#asked.size < MAX_ASKED) this.#asked.add(artistId)
    this.#lookingUp ??= this.#lookUpAsked()
  }

  /** All together, however many questions there are: each look-up takes a place among the store's questions. */
  async #lookUpAsked(): Promise<void> {
    while (this.#asked.size > 0) {
      const asked = [...this.#asked]
      this.#asked.clear()
      await this.#parts.unlisted.among(asked).then(
        ids => this.#add(ids),
        () => {},
      )
    }
    this.#lookingUp = undefined
  }

  /** Looks for those whom events name. */
  async search(): Promise<void> {
    this.#add(await this.#parts.unlisted.counted(MAX_MISSING))
  }

  /** Whether the list should be read for them now; others may have read it meanwhile. */
  async areDue(): Promise<boolean> {
    const { unlisted, monotonic } = this.#parts
    if (!this.some || this.#readAt + PACE_MS > monotonic()) return false
    this.#missing = new Set(await unlisted.among([...this.#missing]))
    return this.some
  }

  /** Reads the list for those who are missing now. */
  async readFor(readList: () => Promise<void>): Promise<void> {
    const missing = [...this.#missing]
    await readList()
    this.#readAt = this.#parts.monotonic()
    if (this.#notListed.size + missing.length > MAX_NOT_LISTED) this.#notListed.clear()
    for (const id of missing) {
      this.#missing.delete(id)
      this.#notListed.set(id, this.#readAt + NOT_LISTED_MS)
    }
  }

  #add(artistIds: readonly string[]): void {
    for (const id of artistIds) {
      if (this.#missing.size < MAX_MISSING && !this.#isKnownMissing(id)) this.#missing.add(id)
    }
    if (this.some) this.#parts.onMissing()
  }

  #isKnownMissing(artistId: string): boolean {
    return (this.#notListed.get(artistId) ?? Number.NEGATIVE_INFINITY) > this.#parts.monotonic()
  }
}
