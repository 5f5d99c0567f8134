/** What has come in since the time before: events and plays, of the platform and of each artist that is watched. */
import type { Seq } from '../storage/storage.ts'

/** Events are counted once, however many facts they have. */
export class Arrived {
  events = 0
  plays = 0
  #lastSeq: Seq = 0

  /** Facts come in the order of their entries. */
  count(seq: Seq, isPlay: boolean): void {
    if (seq !== this.#lastSeq) this.events++
    if (isPlay) this.plays++
    this.#lastSeq = seq
  }
}

/** A fact of an entry of the log. */
export interface ArrivedFact {
  seq: Seq
  /** The number of its attribution key. */
  key: number
  part: number
  isPlay: boolean
}

export class Arrivals {
  readonly platform = new Arrived()
  readonly #artists = new Map<number, Arrived>()
  readonly #ownerOf: ReadonlyMap<number, number>

  /** `ownerOf`: key → owner, of the artists that are watched. */
  constructor(ownerOf: ReadonlyMap<number, number>) {
    this.#ownerOf = ownerOf
  }

  of(owner: number | undefined): Arrived {
    return (owner === undefined ? undefined : this.#artists.get(owner)) ?? new Arrived()
  }

  /**
   * A play counts once for the platform, and for an artist as often as it is credited, as in the artist's KPIs. Facts come in
   * the order of their entries.
   */
  add({ seq, key, part, isPlay }: ArrivedFact): void {
    this.platform.count(seq, isPlay && part === 0)
    const owner = this.#ownerOf.get(key)
    if (owner === undefined) return
    const artist = this.of(owner)
    this.#artists.set(owner, artist)
    artist.count(seq, isPlay)
  }
}
