/** Albums by genre as the catalogue lists them: for a listener, which is cached, and of one genre. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { CatalogueUnavailable } from '../catalogue/catalogue-faults.ts'
import type { ListenerProfile } from '../recommendations/listener-profile.ts'
import { albumsByGenre } from '../recommendations/recommend.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import { type GenreQuestion, similarByGenre } from '../recommendations/similar-by-genre.ts'
import { answerWithin } from './enrichment.ts'

const TTL_MS = 600_000
/** For a list that was made without the catalogue. */
const INCOMPLETE_TTL_MS = 15_000
/** Before any genre of the listener is known: the next event may name one. */
const EMPTY_TTL_MS = 500
/** More than a client can ask for, since rows are removed that the listener has by now, or that no longer exist. */
const CACHED_ROWS = 200

export interface GenreListParts {
  caches: AnswerCaches
  /** null: nothing is known of genres. */
  catalogue: Catalogue | null
  figures: {
    listenerProfile(userId: string, client: string): Promise<ListenerProfile>
    albumPlays(albumIds: readonly string[], client: string): Promise<ReadonlyMap<string, number>>
  }
  /** How long a listener waits for the catalogue, in milliseconds. */
  enrichBudgetMs: number
}

export class GenreLists {
  readonly #parts: GenreListParts

  constructor(parts: GenreListParts) {
    this.#parts = parts
  }

  /** Albums of the listener's genres. The list may be older than what the listener has by now. */
  async forUser(userId: string, client: string): Promise<Recommendation[]> {
    const { rows } = await this.#parts.caches.clientKeyed.get(
      `user:${userId}`,
      ({ rows, isComplete }) => (!isComplete ? INCOMPLETE_TTL_MS : rows.length === 0 ? EMPTY_TTL_MS : TTL_MS),
      () => this.#compute(userId, client),
    )
    return rows
  }

  /** @throws CatalogueUnavailable where the catalogue fails and no older answer is cached */
  async ofGenre(question: GenreQuestion, client: string): Promise<Recommendation[]> {
    const { catalogue, figures } = this.#parts
    if (!catalogue) throw new CatalogueUnavailable('paused', 'CONTENT_SERVICE_URL is not set')
    const listed = await catalogue.albumsOfGenre(question.genre, client)
    const albums = listed.filter(({ id, isHidden }) => !isHidden && catalogue.known.album(id) !== null)
    const plays = await figures.albumPlays(
      albums.map(({ id }) => id),
      client,
    )
    return similarByGenre(albums, plays, question)
  }

  async #compute(userId: string, client: string): Promise<{ rows: Recommendation[]; isComplete: boolean }> {
    const { catalogue, figures, enrichBudgetMs } = this.#parts
    let isComplete = catalogue !== null
    const ofGenre = async (genre: string): Promise<readonly CatalogueAlbum[]> => {
      const fresh = catalogue && (await answerWithin(catalogue.albumsOfGenre(genre, client), enrichBudgetMs))
      const albums = fresh ?? catalogue?.known.albumsOfGenre(genre)
      if (!albums) isComplete = false
      return albums?.filter(({ isHidden }) => !isHidden) ?? []
    }
    const rows = await albumsByGenre(await figures.listenerProfile(userId, client), CACHED_ROWS, {
      albumPlays: ids => figures.albumPlays(ids, client),
      albumsOfGenre: catalogue && ofGenre,
    })
    return { rows, isComplete }
  }
}
