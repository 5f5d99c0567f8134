/** Recommendations as clients see them: cached, made from the figures and the catalogue, and enriched as far as it answers. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { CatalogueUnavailable } from '../catalogue/catalogue-faults.ts'
import type { Had, ListenerProfile } from '../recommendations/listener-profile.ts'
import type { PopularArtist } from '../recommendations/popular-artists.ts'
import { recommendFor } from '../recommendations/recommend.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import { type GenreQuestion, similarByGenre } from '../recommendations/similar-by-genre.ts'
import type { Instant } from '../storage/storage.ts'
import { answerWithin, enrichRecommendations, firstExisting } from './enrichment.ts'

const TTL_MS = 600_000
/** For a list that was made without the catalogue, or before any genre of the listener is known. */
const INCOMPLETE_TTL_MS = 15_000
const EMPTY_TTL_MS = 500
const POPULAR_TTL_MS = 300_000
/** More than the longest list of recommendations, since artists are removed that a listener has. */
const MOST_POPULAR = 400
/** More than a client can ask for, since rows are removed that the listener has by now, or that no longer exist. */
const CACHED_ROWS = 200

export interface RecommenderParts {
  caches: AnswerCaches
  /** null: nothing is known of genres. */
  catalogue: Catalogue | null
  /** The questions to the figures; `client` is whom they are asked for. */
  figures: {
    listenerProfile(userId: string, client: string): Promise<ListenerProfile>
    /** What the listener has at this moment. */
    listenerHad(userId: string, client: string): Promise<Had>
    albumPlays(albumIds: readonly string[], client: string): Promise<ReadonlyMap<string, number>>
    /** The artists of the year before `now`, or of all time where it is null. */
    popularArtists(now: Instant | null, limit: number): Promise<PopularArtist[]>
  }
  clock: () => Instant
  /** How long a listener waits for the catalogue, in milliseconds. */
  enrichBudgetMs: number
}

export class Recommender {
  readonly #parts: RecommenderParts

  constructor(parts: RecommenderParts) {
    this.#parts = parts
  }

  /** At most `limit` rows; none that the listener has by now, even where the cached list is older than that. */
  async forUser(userId: string, limit: number, client: string): Promise<Recommendation[]> {
    const { caches, catalogue, figures, enrichBudgetMs } = this.#parts
    const begun = performance.now()
    const { rows } = await caches.clientKeyed.get(
      `user:${userId}`,
      ({ rows, isComplete }) => (rows.length === 0 ? EMPTY_TTL_MS : isComplete ? TTL_MS : INCOMPLETE_TTL_MS),
      () => this.#compute(userId, client),
    )
    const { hadAlbums, hadArtists } = await figures.listenerHad(userId, client)
    const fresh = rows.filter(({ type, id }) => !(type === 'artist' ? hadArtists : hadAlbums).has(id))
    if (!catalogue) return fresh.slice(0, limit)
    const leftMs = () => enrichBudgetMs - (performance.now() - begun)
    const { shown } = await firstExisting(fresh, limit, some => enrichRecommendations(some, catalogue, leftMs()))
    return shown
  }

  /** @throws CatalogueUnavailable where the catalogue fails and no older answer is cached */
  async similar(question: GenreQuestion, client: string): Promise<Omit<Recommendation, 'because'>[]> {
    const { catalogue, figures } = this.#parts
    if (!catalogue) throw new CatalogueUnavailable('paused', 'CONTENT_SERVICE_URL is not set')
    const listed = await catalogue.albumsOfGenre(question.genre, client)
    const albums = listed.filter(({ id }) => catalogue.known.album(id) !== null)
    const plays = await figures.albumPlays(
      albums.map(({ id }) => id),
      client,
    )
    return similarByGenre(albums, plays, question).map(({ because: _none, ...row }) => row)
  }

  async #compute(userId: string, client: string): Promise<{ rows: Recommendation[]; isComplete: boolean }> {
    const { catalogue, figures, enrichBudgetMs } = this.#parts
    let isComplete = true
    const ofGenre = async (genre: string): Promise<readonly CatalogueAlbum[]> => {
      const fresh = catalogue && (await answerWithin(catalogue.albumsOfGenre(genre, client), enrichBudgetMs))
      const albums = fresh ?? catalogue?.known.albumsOfGenre(genre)
      if (!albums) isComplete = false
      return albums ?? []
    }
    const rows = await recommendFor(userId, CACHED_ROWS, {
      profile: id => figures.listenerProfile(id, client),
      albumPlays: ids => figures.albumPlays(ids, client),
      popularArtists: since => this.#popularArtists(since),
      albumsOfGenre: catalogue && ofGenre,
    })
    return { rows, isComplete: isComplete && rows.some(({ type }) => type === 'album') }
  }

  /** Popular artists are the same for everybody, so they are cached for all listeners. */
  #popularArtists(since: 'lastYear' | 'ever'): Promise<PopularArtist[]> {
    const { caches, clock, figures } = this.#parts
    return caches.main.get(
      since === 'ever' ? 'popular:ever' : 'popular',
      found => (found.length > 0 ? POPULAR_TTL_MS : 0),
      () => figures.popularArtists(since === 'ever' ? null : clock(), MOST_POPULAR),
    )
  }
}
