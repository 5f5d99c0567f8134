/** The counted plays of the last five minutes, in memory: who listens, and what is played. */
import type { Instant } from '../storage/storage.ts'
import { SECOND_MS } from '../units.ts'

/** A counted play: one fact. Entities and listeners are their numbers in the figures, 0 where there is none. */
export interface Play {
  instant: Instant
  key: number
  /** As `Fact.part`: the platform counts part 0 alone. */
  part: number
  track: number
  listener: number
}

/** How many plays each listener has, and each track; those without plays are absent. */
export class PlayCounts {
  readonly listeners = new Map<number, number>()
  readonly tracks = new Map<number, number>()

  /** `by`: 1 for a play that comes in, -1 for one that leaves. */
  count({ track, listener }: Pick<Play, 'track' | 'listener'>, by: 1 | -1): void {
    if (listener !== 0) change(this.listeners, listener, by)
    if (track !== 0) change(this.tracks, track, by)
  }
}

function change(counts: Map<number, number>, id: number, by: 1 | -1): void {
  const count = (counts.get(id) ?? 0) + by
  if (count === 0) counts.delete(id)
  else counts.set(id, count)
}

/**
 * Keeps 16 bytes of each play, so that it can be taken out of the counts to the millisecond when it leaves. Plays may come
 * in any order; nothing is kept but plays of the last minutes, sorted by the second of their instants.
 */
export class RecentPlays {
  readonly platform = new PlayCounts()
  /** By owner: those that somebody watches. */
  readonly artists = new Map<number, PlayCounts>()
  #ownerOf: ReadonlyMap<number, number> = new Map()
  readonly #seconds = new Map<number, PlayList>()

  /**
   * Watches the owners of these attribution keys (key → owner), and no other ones. Returns the keys whose plays until now have
   * to be counted by `countForOwner`: those that are new here, and all of an owner who has lost one.
   */
  watch(ownerOf: ReadonlyMap<number, number>): Set<number> {
    const before = this.#ownerOf
    this.#ownerOf = ownerOf
    for (const [key, owner] of before) if (ownerOf.get(key) !== owner) this.artists.delete(owner)
    const known = new Set(this.artists.keys())
    const toCount = new Set<number>()
    for (const [key, owner] of ownerOf) {
      if (before.get(key) !== owner || !known.has(owner)) toCount.add(key)
      if (!this.artists.has(owner)) this.artists.set(owner, new PlayCounts())
    }
    return toCount
  }

  /** Counts a play for the platform, and for its owner unless its key is one of `except`. */
  add(play: Play, except: ReadonlySet<number>): void {
    const second = Math.floor(play.instant / SECOND_MS)
    const plays = this.#seconds.get(second) ?? new PlayList()
    this.#seconds.set(second, plays)
    plays.add(play.instant - second * SECOND_MS, play)
    if (play.part === 0) this.platform.count(play, 1)
    if (!except.has(play.key)) this.countForOwner(play)
  }

  /** Counts a play for its owner alone. */
  countForOwner(play: Omit<Play, 'instant'>, by: 1 | -1 = 1): void {
    const owner = this.#ownerOf.get(play.key)
    if (owner !== undefined) this.artists.get(owner)!.count(play, by)
  }

  /** Takes out the plays until `last`, which included. */
  removeUntil(last: Instant): void {
    const take = (play: Omit<Play, 'instant'>) => {
      if (play.part === 0) this.platform.count(play, -1)
      this.countForOwner(play, -1)
    }
    for (const [second, plays] of this.#seconds) {
      const begin = second * SECOND_MS
      if (begin > last) continue
      plays.removeUntil(last - begin, take)
      if (begin + SECOND_MS <= last + 1) this.#seconds.delete(second)
    }
  }
}

/** Numbers of a play in the list: milliseconds in the second (doubled, odd where the part is not 0), key, track, listener. */
const STRIDE = 4
const FIRST_PLAYS = 4

/** The plays of one second. */
class PlayList {
  #numbers = new Int32Array(FIRST_PLAYS * STRIDE)
  #length = 0

  add(ms: number, { key, part, track, listener }: Play): void {
    if (this.#length === this.#numbers.length) this.#grow()
    this.#numbers[this.#length] = 2 * ms + (part === 0 ? 0 : 1)
    this.#numbers[this.#length + 1] = key
    this.#numbers[this.#length + 2] = track
    this.#numbers[this.#length + 3] = listener
    this.#length += STRIDE
  }

  /** Hands the plays until a millisecond of the second, which included, to `take`, and removes them. */
  removeUntil(lastMs: number, take: (play: Omit<Play, 'instant'>) => void): void {
    const numbers = this.#numbers
    let kept = 0
    for (let at = 0; at < this.#length; at += STRIDE) {
      const first = numbers[at]!
      if (first >> 1 <= lastMs) {
        take({ part: first & 1, key: numbers[at + 1]!, track: numbers[at + 2]!, listener: numbers[at + 3]! })
      } else {
        numbers.copyWithin(kept, at, at + STRIDE)
        kept += STRIDE
      }
    }
    this.#length = kept
  }

  #grow(): void {
    const numbers = new Int32Array(this.#numbers.length * 2)
    numbers.set(this.#numbers)
    this.#numbers = numbers
  }
}
