/** What the charts must be: a plain count of facts. */
import type { Artist, Fact } from './facts.ts'

export type Kind = 'tracks' | 'albums' | 'artists'

export interface ExpectedRow {
  key: string
  count: number
  rank: number
  previousCount: number
  previousRank: number | null
}

export interface Chart {
  kind: Kind
  genre?: string
  days: number
}

const DAY_MS = 86_400_000

/** All charts of the facts, which are in the order of their time. */
export class Charts {
  #facts: readonly Fact[]
  #genres: ReadonlyMap<string, string>

  constructor(facts: readonly Fact[]) {
    this.#facts = facts
    this.#genres = genresOf(facts)
  }

  /** The best `limit` of a chart at an instant. */
  at({ kind, genre, days }: Chart, now: number, limit: number): ExpectedRow[] {
    const length = days * DAY_MS
    const keyOf = (fact: Fact) => {
      const key = keyIn(kind, fact)
      return genre === undefined || (key !== undefined && this.#genres.get(key) === genre) ? key : undefined
    }
    const current = ranking(this.#between(now - length, now), keyOf)
    const before = ranking(this.#between(now - 2 * length, now - length), keyOf)
    const previous = new Map(before.map(({ key, count }, i) => [key, { rank: i + 1, count }]))
    return current.slice(0, limit).map(({ key, count }, i) => ({
      key: kind === 'artists' ? `artist:${key}` : key,
      count,
      rank: i + 1,
      previousCount: previous.get(key)?.count ?? 0,
      previousRank: previous.get(key)?.rank ?? null,
    }))
  }

  /** The instants in (from, to] from which on a chart may look different, latest first, and `from` itself. */
  turns({ days }: Chart, from: number, to: number): number[] {
    const turns = new Set([from])
    for (const edge of [0, days * DAY_MS, 2 * days * DAY_MS]) {
      for (const { at } of this.#between(from - edge, to - edge)) turns.add(at + edge)
    }
    return [...turns].sort((a, b) => b - a)
  }

  /** The genres that most tracks are of, most first. */
  topGenres(count: number): string[] {
    const sizes = new Map<string, number>()
    for (const genre of this.#genres.values()) sizes.set(genre, (sizes.get(genre) ?? 0) + 1)
    return [...sizes]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([genre]) => genre)
  }

  /** The facts after `from`, up to and with `to`. */
  #between(from: number, to: number): readonly Fact[] {
    return this.#facts.slice(this.#firstAfter(from), this.#firstAfter(to))
  }

  #firstAfter(instant: number): number {
    let low = 0
    let high = this.#facts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#facts[middle]!.at <= instant) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** What a fact counts for in a chart. */
function keyIn(kind: Kind, { kind: fact, skip, form, artist, track }: Fact): string | undefined {
  if (kind === 'artists') return fact === 'follow' ? artist.id : undefined
  if (fact !== 'play' || skip || form === 'name') return undefined
  if (kind === 'albums') return artist.albumId
  return form === 'script' ? undefined : artist.trackKeys[track]
}

function ranking(facts: readonly Fact[], keyOf: (fact: Fact) => string | undefined) {
  const tallies = new Map<string, { key: string; count: number; last: number }>()
  for (const fact of facts) {
    const key = keyOf(fact)
    if (key === undefined) continue
    const tally = tallies.get(key)
    if (tally) {
      tally.count++
      tally.last = fact.at
    } else tallies.set(key, { key, count: 1, last: fact.at })
  }
  return [...tallies.values()].sort((a, b) => b.count - a.count || b.last - a.last || compareIds(a.key, b.key))
}

function compareIds(a: string, b: string): number {
  const asNumbers = /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : 0
  return asNumbers || (a < b ? -1 : a > b ? 1 : 0)
}

type Votes = Map<string, Map<string, number>>

/** The genre of each track: what its own plays say most, else what its album's do. */
function genresOf(facts: readonly Fact[]): Map<string, string> {
  const tracks: Votes = new Map()
  const albums: Votes = new Map()
  const artists = new Set<Artist>()
  for (const { kind, artist, track, genre, form } of facts) {
    if (kind !== 'play' || form === 'name' || form === 'script') continue
    artists.add(artist)
    const folded = genre?.trim().normalize('NFC').toLowerCase()
    vote(tracks, artist.trackKeys[track]!, folded)
    if (folded) vote(albums, artist.albumId, folded)
  }
  const genres = new Map<string, string>()
  for (const { trackKeys, albumId } of artists) {
    for (const key of trackKeys.filter(key => tracks.has(key))) {
      const genre = winner(tracks.get(key)!) ?? winner(albums.get(albumId) ?? new Map())
      if (genre !== undefined) genres.set(key, genre)
    }
  }
  return genres
}

/** A vote for nothing tells that there is such a track. */
function vote(votes: Votes, key: string, genre: string | undefined): void {
  const ofKey = votes.getOrInsertComputed(key, () => new Map())
  if (genre) ofKey.set(genre, (ofKey.get(genre) ?? 0) + 1)
}

function winner(votes: ReadonlyMap<string, number>): string | undefined {
  return [...votes].sort((a, b) => b[1] - a[1] || compareIds(a[0], b[0]))[0]?.[0]
}
