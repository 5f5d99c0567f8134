/** What is popular among all listeners, cached for all of them: what every list ends with. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { HadItems } from '../recommendations/had-items.ts'
import type { ItemKind } from '../recommendations/item-kind.ts'
import { rowsOfPopular } from '../recommendations/list-rows.ts'
import type { Had } from '../recommendations/listener-profile.ts'
import type { PopularArtist } from '../recommendations/popular-artists.ts'
import type { PopularItem } from '../recommendations/popular-items.ts'
import { popularArtistsFor } from '../recommendations/recommend.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { Instant } from '../storage/storage.ts'

const POPULAR_TTL_MS = 300_000
/** The next event may fill it. */
const EMPTY_TTL_MS = 500
/** More than the longest list of recommendations, since those are removed that a listener has. */
const MOST_POPULAR = 400

export interface PopularListParts {
  caches: AnswerCaches
  figures: {
    /** What the listener has at this moment. */
    listenerHad(userId: string, client: string): Promise<Had>
    hadItems(kind: ItemKind, userId: string, client: string): Promise<HadItems>
    /** The artists of the year before `now`, or of all time where it is null. */
    popularArtists(now: Instant | null, limit: number): Promise<PopularArtist[]>
    popularItems(kind: ItemKind, limit: number): Promise<PopularItem[]>
  }
  clock: () => Instant
}

export class PopularLists {
  readonly #parts: PopularListParts

  constructor(parts: PopularListParts) {
    this.#parts = parts
  }

  /** Popular artists of the last year, those with follows first. `below` as in `recommendPopular`. */
  async artists(userId: string, client: string, below: number | undefined): Promise<Recommendation[]> {
    const had = await this.#parts.figures.listenerHad(userId, client)
    const popularArtists = (since: 'lastYear' | 'ever') => this.#artists(since)
    return popularArtistsFor(had, MOST_POPULAR, { popularArtists }, below)
  }

  /** By plays of all time, and then what only the catalogue knows. `below` as in `rowsOfPopular`. */
  async items(kind: ItemKind, userId: string, client: string, below: number | undefined): Promise<Recommendation[]> {
    const { caches, figures } = this.#parts
    const popular = await caches.main.get(
      `popular:${kind}s`,
      found => (found.length > 0 ? POPULAR_TTL_MS : EMPTY_TTL_MS),
      () => figures.popularItems(kind, MOST_POPULAR),
    )
    const had = await figures.hadItems(kind, userId, client)
    return rowsOfPopular(popular, below).filter(({ id, albumId }) => !had.ids.has(id) && !had.albums.has(albumId ?? ''))
  }

  #artists(since: 'lastYear' | 'ever'): Promise<PopularArtist[]> {
    const { caches, clock, figures } = this.#parts
    return caches.main.get(
      since === 'ever' ? 'popular:ever' : 'popular',
      found => (found.length > 0 ? POPULAR_TTL_MS : EMPTY_TTL_MS),
      () => figures.popularArtists(since === 'ever' ? null : clock(), MOST_POPULAR),
    )
  }
}
