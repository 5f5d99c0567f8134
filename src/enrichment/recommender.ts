/** Recommendations as clients see them: by the model or by genre, filled up with what is popular, and enriched from the catalogue. */
import { randomUUIDv7 } from 'node:crypto'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { recommendationId } from '../identity/recommendation-id.ts'
import type { ItemKind } from '../recommendations/item-kind.ts'
import { rowsByModel, rowsOfSimilar, scaledTo } from '../recommendations/list-rows.ts'
import type { ListRules } from '../recommendations/lists/arrange.ts'
import { capByArtist } from '../recommendations/lists/artist-cap.ts'
import type { ListQuestion, ModelList, SimilarQuestion, SimilarRow } from '../recommendations/lists/recommend-items.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { GenreQuestion } from '../recommendations/similar-by-genre.ts'
import { enrichRecommendations, firstExisting } from './enrichment.ts'
import { type GenreListParts, GenreLists } from './genre-lists.ts'
import { type PopularListParts, PopularLists } from './popular-lists.ts'

/** How often a model is asked again, where the catalogue does not have what it recommends. */
const MOST_ATTEMPTS = 5

export interface RecommenderParts extends GenreListParts, PopularListParts {
  figures: GenreListParts['figures'] &
    PopularListParts['figures'] & {
      /** null where there is no model of the kind. */
      recommend(question: ListQuestion, client: string): Promise<ModelList | null>
      similar(question: SimilarQuestion, client: string): Promise<SimilarRow[]>
    }
}

export interface UserQuestion extends ListRules {
  userId: string
  /** Absent: albums, then artists. */
  type?: ItemKind | undefined
}

export type ItemQuestion = Omit<SimilarQuestion, 'except'>

/** A row of an answer: events about it send the id back. */
export type Answered<Row = Recommendation> = Row & { recommendationId: string }
export type SimilarItem = Answered<Omit<Recommendation, 'because'>>

export class Recommender {
  readonly #parts: RecommenderParts
  readonly #genres: GenreLists
  readonly #popular: PopularLists

  constructor(parts: RecommenderParts) {
    this.#parts = parts
    this.#genres = new GenreLists(parts)
    this.#popular = new PopularLists(parts)
  }

  /** At most `limit` rows; none that the listener has at this moment. */
  async forUser(question: UserQuestion, client: string): Promise<Answered[]> {
    const { userId, type, limit } = question
    const leftMs = this.#budget()
    const list: Recommendation[] = []
    const least = () => (list.length === 0 ? undefined : Math.min(...list.map(({ score }) => score)))
    const missing = () => limit - list.length
    // What is listed, and what the catalogue was found not to have.
    const tried = new Set<string>()
    const fill = async (rows: Promise<Recommendation[]>) => {
      const untried = (await rows).filter(row => !tried.has(key(row)) && !this.#isKnownToBeGone(row))
      const fresh = cappedAfter(list, untried)
      const { shown, gone } = await firstExisting(fresh, missing(), some => this.#enriched(some, leftMs))
      list.push(...shown)
      for (const row of [...shown, ...gone]) tried.add(key(row))
    }
    for (const kind of type ? [type] : (['album', 'artist'] as const)) {
      if (missing() === 0) break
      const rows = await this.#own(kind, { ...question, limit: missing() }, client, leftMs)
      list.push(...scaledTo(least(), rows))
    }
    for (const row of list) tried.add(key(row))
    if (missing() > 0 && (!type || type === 'artist')) await fill(this.#popular.artists(userId, client, least()))
    for (const kind of type ? [type] : (['artist', 'album'] as const)) {
      if (missing() > 0) await fill(this.#popular.items(kind, userId, client, least()))
    }
    return answered(list)
  }

  /** @throws CatalogueUnavailable as `GenreLists.ofGenre` */
  async ofGenre(question: GenreQuestion, client: string): Promise<SimilarItem[]> {
    return answered((await this.#genres.ofGenre(question, client)).map(withoutBecause))
  }

  /** Items that have listeners in common with one; empty for what no model knows. */
  async similarTo(question: ItemQuestion, client: string): Promise<SimilarItem[]> {
    const ask = async (except: string[]) =>
      rowsOfSimilar(await this.#parts.figures.similar({ ...question, except }, client))
    return answered((await this.#existing(ask, this.#budget())).map(withoutBecause))
  }

  /** By the model of the kind or, where there is none, albums by genre. */
  async #own(kind: ItemKind, question: UserQuestion, client: string, leftMs: () => number): Promise<Recommendation[]> {
    const { userId, type, limit, isExploring, diversity } = question
    let hasModel = true
    const rows = await this.#existing(async except => {
      const asked = { userId, kind, limit, isExploring, diversity, except }
      const found = await this.#parts.figures.recommend(asked, client)
      hasModel = found !== null
      // Of albums and artists together, popular artists come rather than popular albums.
      return found
        ? rowsByModel(found).filter(({ strategy }) => type || kind === 'artist' || strategy !== 'popular')
        : []
    }, leftMs)
    if (hasModel || kind !== 'album') return rows
    const { hadAlbums } = await this.#parts.figures.listenerHad(userId, client)
    const albums = await this.#genres.forUser(userId, client)
    const missed = albums.filter(({ id }) => !hadAlbums.has(id))
    return this.#firstExisting(cappedAfter([], missed), limit, leftMs)
  }

  /** What `ask` finds; where the catalogue does not have some of it, it is asked again without that. */
  async #existing(
    ask: (except: string[]) => Promise<Recommendation[]>,
    leftMs: () => number,
  ): Promise<Recommendation[]> {
    const except: string[] = []
    for (let attempt = 1; ; attempt++) {
      const rows = await ask(except)
      const existing = await this.#enriched(rows, leftMs)
      const gone = rows.filter((_, i) => existing[i] === null)
      if (gone.length === 0 || attempt === MOST_ATTEMPTS) return existing.filter(row => row !== null)
      except.push(...gone.map(({ id }) => id))
    }
  }

  /** Quicker than to enrich it, where the catalogue knows little of what is popular. */
  #isKnownToBeGone({ type, id, albumId }: Recommendation): boolean {
    const known = this.#parts.catalogue?.known
    if (!known) return false
    const album = type === 'album' ? id : albumId
    return type === 'artist' ? known.artist(id) === null : album !== undefined && known.album(album) === null
  }

  async #firstExisting(rows: Recommendation[], limit: number, leftMs: () => number): Promise<Recommendation[]> {
    return (await firstExisting(rows, limit, some => this.#enriched(some, leftMs))).shown
  }

  async #enriched(rows: readonly Recommendation[], leftMs: () => number): Promise<(Recommendation | null)[]> {
    const catalogue: Catalogue | null = this.#parts.catalogue
    return catalogue ? enrichRecommendations(rows, catalogue, leftMs()) : [...rows]
  }

  /** The milliseconds that are left of what a listener waits for the catalogue, from now on. */
  #budget(): () => number {
    const begun = performance.now()
    return () => this.#parts.enrichBudgetMs - (performance.now() - begun)
  }
}

const key = ({ type, id }: Recommendation): string => `${type}:${id}`

/** First those rows that are within the cap of artists, behind those that are listed; then the others. */
function cappedAfter(listed: readonly Recommendation[], rows: readonly Recommendation[]): Recommendation[] {
  const artistOf = ({ type, artist }: Recommendation) => (type === 'artist' ? null : artist)
  const { within, beyond } = capByArtist([...listed, ...rows], artistOf)
  const before = new Set(listed)
  return [...within, ...beyond].filter(row => !before.has(row))
}

const withoutBecause = ({ because: _none, ...row }: Recommendation) => row

function answered<Row extends Pick<Recommendation, 'strategy'>>(rows: readonly Row[]): Answered<Row>[] {
  const answer = randomUUIDv7()
  return rows.map(row => ({ ...row, recommendationId: recommendationId(answer, row.strategy) }))
}
