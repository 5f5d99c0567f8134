/** Recommendations as clients see them: cached, made from the figures and the catalogue, and enriched as far as it answers. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { CatalogueUnavailable } from '../catalogue/catalogue-faults.ts'
import type { Had, ListenerProfile } from '../recommendations/listener-profile.ts'
import { type RecommendationSources, recommendFor } from '../recommendations/recommend.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import { type GenreQuestion, similarByGenre } from '../recommendations/similar-by-genre.ts'
import { answerWithin, enrichRecommendations, firstExisting } from './enrichment.ts'

const TTL_MS = 600_000
/** For a list that was made without the catalogue, or before any genre of the listener is known. */
const INCOMPLETE_TTL_MS = 15_000
const EMPTY_TTL_MS = 500
/** More than a client can ask for, since rows are removed that the listener has by now, or that no longer exist. */
const CACHED_ROWS = 200

export interface RecommenderParts {
  caches: AnswerCaches
  /** null: nothing is known of genres. */
  catalogue: Catalogue | null
  /** As `RecommendationSources`; `client` is whom they are asked for. */
  store: Pick<RecommendationSources, 'popularArtists'> & {
    profile(userId: string, client: string): Promise<ListenerProfile>
    albumPlays(albumIds: readonly string[], client: string): Promise<ReadonlyMap<string, number>>
    /** What the listener has at this moment. */
    had(userId: string, client: string): Promise<Had>
  }
  /** How long a listener waits for the catalogue, in milliseconds. */
  budgetMs: number
}

export class Recommender {
  readonly #parts: RecommenderParts

  constructor(parts: RecommenderParts) {
    this.#parts = parts
  }

  /** At most `limit` rows; none that the listener has by now, even where the cached list is older than that. */
  async forUser(userId: string, limit: number, client: string): Promise<Recommendation[]> {
    const { caches, catalogue, store, budgetMs } = this.#parts
    const begun = performance.now()
    const { rows } = await caches.clientKeyed.get(
      `user:${userId}`,
      ({ rows, isComplete }) => (rows.length === 0 ? EMPTY_TTL_MS : isComplete ? TTL_MS : INCOMPLETE_TTL_MS),
      () => this.#compute(userId, client),
    )
    const { hadAlbums, hadArtists } = await store.had(userId, client)
    const fresh = rows.filter(({ type, id }) => !(type === 'artist' ? hadArtists : hadAlbums).has(id))
    if (!catalogue) return fresh.slice(0, limit)
    const leftMs = () => budgetMs - (performance.now() - begun)
    const { shown } = await firstExisting(fresh, limit, some => enrichRecommendations(some, catalogue, leftMs()))
    return shown
  }

  /** @throws CatalogueUnavailable where the catalogue fails and no older answer is cached */
  async similar(question: GenreQuestion, client: string): Promise<Omit<Recommendation, 'because'>[]> {
    const { catalogue, store } = this.#parts
    if (!catalogue) throw new CatalogueUnavailable('paused', 'CONTENT_SERVICE_URL is not set')
    const listed = await catalogue.albumsOfGenre(question.genre, client)
    const albums = listed.filter(({ id }) => catalogue.known.album(id) !== null)
    const plays = await store.albumPlays(
      albums.map(({ id }) => id),
      client,
    )
    return similarByGenre(albums, plays, question).map(({ because: _none, ...row }) => row)
  }

  async #compute(userId: string, client: string): Promise<{ rows: Recommendation[]; isComplete: boolean }> {
    const { catalogue, store, budgetMs } = this.#parts
    let isComplete = true
    const ofGenre = async (genre: string): Promise<readonly CatalogueAlbum[]> => {
      const fresh = catalogue && (await answerWithin(catalogue.albumsOfGenre(genre, client), budgetMs))
      const albums = fresh ?? catalogue?.known.albumsOfGenre(genre)
      if (!albums) isComplete = false
      return albums ?? []
    }
    const rows = await recommendFor(userId, CACHED_ROWS, {
      profile: id => store.profile(id, client),
      albumPlays: ids => store.albumPlays(ids, client),
      popularArtists: since => store.popularArtists(since),
      albumsOfGenre: catalogue && ofGenre,
    })
    return { rows, isComplete: isComplete && rows.some(({ type }) => type === 'album') }
  }
}
