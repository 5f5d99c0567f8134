/** Recommendations as clients see them: remembered for a while, made from the store and the catalogue as far as it answers. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { CatalogueUnavailable } from '../catalogue/catalogue-client.ts'
import { inTime } from '../concurrency/in-time.ts'
import { enrichRecommendations, existing } from '../enrichment/enrichment.ts'
import type { Had, ListenerProfile } from './listener-profile.ts'
import { type RecommendationSources, recommendFor } from './recommend.ts'
import type { Recommendation } from './recommendation.ts'
import { type GenreQuestion, similarByGenre } from './similar-by-genre.ts'

const KEPT_MS = 600_000
/** What was made without the catalogue, or without any genre of the listener being known yet, is made again soon. */
const KEPT_INCOMPLETE_MS = 15_000
const KEPT_EMPTY_MS = 500
/** More than can be asked for, since rows leave that are the listener's by now, or that are gone; shorter lists are the beginning. */
const KEPT = 200

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

  /** Nothing that the listener has, though it was got a moment ago and the list is older. */
  async forUser(userId: string, limit: number, client: string): Promise<Recommendation[]> {
    const { caches, catalogue, store, budgetMs } = this.#parts
    const begun = performance.now()
    const { rows } = await caches.asked.get(
      `user:${userId}`,
      ({ rows, isComplete }) => (rows.length === 0 ? KEPT_EMPTY_MS : isComplete ? KEPT_MS : KEPT_INCOMPLETE_MS),
      () => this.#compute(userId, client),
    )
    const { hadAlbums, hadArtists } = await store.had(userId, client)
    const fresh = rows.filter(({ type, id }) => !(type === 'artist' ? hadArtists : hadAlbums).has(id))
    if (!catalogue) return fresh.slice(0, limit)
    const left = () => Math.max(0, budgetMs - (performance.now() - begun))
    const { shown } = await existing(fresh, limit, some => enrichRecommendations(some, catalogue, left()))
    return shown
  }

  /** @throws CatalogueUnavailable where the catalogue fails and nothing is remembered */
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
      // New ones if they come in time, else those remembered.
      const fresh = catalogue && (await inTime(catalogue.albumsOfGenre(genre, client), budgetMs))
      const albums = fresh ?? catalogue?.known.albumsOfGenre(genre)
      if (!albums) isComplete = false
      return albums ?? []
    }
    const rows = await recommendFor(userId, KEPT, {
      profile: id => store.profile(id, client),
      albumPlays: ids => store.albumPlays(ids, client),
      popularArtists: since => store.popularArtists(since),
      albumsOfGenre: catalogue && ofGenre,
    })
    return { rows, isComplete: isComplete && rows.some(({ type }) => type === 'album') }
  }
}
