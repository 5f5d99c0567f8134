/** The catalogue behind the cache. */
import type { AnswerCache } from '../caching/answer-cache.ts'
import type { AnswerCaches } from '../caching/answer-caches.ts'
import { MAX_TEXT_LENGTH } from '../events/bounds.ts'
import { foldText } from '../identity/fold-text.ts'
import type { CatalogueAlbum, CatalogueArtist } from './answers.ts'
import { CallBudget } from './call-budget.ts'
import type { CatalogueClient } from './catalogue-client.ts'
import { CatalogueUnavailable } from './catalogue-faults.ts'

export interface CatalogueOptions {
  client: Pick<CatalogueClient, 'album' | 'artist' | 'albumsOfGenre'>
  caches: AnswerCaches
  /** How long what was found is cached, in milliseconds. */
  ttlMs: number
  /** Called with each album that was fetched, those of a genre too. Must not throw. */
  onAlbum?: (album: CatalogueAlbum) => void
  /** Called with each artist that was fetched. Must not throw. */
  onArtist?: (artist: CatalogueArtist) => void
  budget?: CallBudget
}

/** null: the catalogue has no such entity; undefined: it can't say. */
type Answer<T> = T | null | undefined

/** An answer as it is cached; `fault` where the catalogue's answer was unusable and there is no older one. */
type Cached<T> = ({ answer: Answer<T> } | { fault: CatalogueUnavailable }) & { ttlMs: number }

/** How long it is cached that the catalogue has no such entity, or can't say. */
const NONE_TTL_MS = 60_000
/** How long an unusable answer is cached. */
const UNUSABLE_TTL_MS = 30_000

export class Catalogue {
  readonly #client: CatalogueOptions['client']
  readonly #main: AnswerCache
  readonly #clientKeyed: AnswerCache
  readonly #budget: CallBudget
  readonly #ttlMs: number
  readonly #onAlbum: (album: CatalogueAlbum) => void
  readonly #onArtist: (artist: CatalogueArtist) => void

  constructor(options: CatalogueOptions) {
    const { client, caches, ttlMs, onAlbum = () => {}, onArtist = () => {}, budget = new CallBudget() } = options
    this.#client = client
    this.#main = caches.main
    this.#clientKeyed = caches.clientKeyed
    this.#budget = budget
    this.#ttlMs = ttlMs
    this.#onAlbum = onAlbum
    this.#onArtist = onArtist
  }

  /** The cached answers, however old. null: the catalogue has no such entity; undefined: not known. */
  readonly known = {
    album: (id: string): Answer<CatalogueAlbum> => this.#known(albumKey(id)),
    artist: (id: string): Answer<CatalogueArtist> => this.#known(artistKey(id)),
    albumsOfGenre: (genre: string): CatalogueAlbum[] | undefined => this.#known(genreKey(genre)) ?? undefined,
  }

  /**
   * null: the catalogue has no such album; undefined: it can't say.
   * @throws CatalogueUnavailable where it does not answer, and no older answer is cached
   */
  album(id: string): Promise<Answer<CatalogueAlbum>> {
    return this.#get(this.#main, albumKey(id), async () => {
      const album = await this.#client.album(id)
      if (album) this.#onAlbum(album)
      return album
    })
  }

  /** As `album`. */
  artist(id: string): Promise<Answer<CatalogueArtist>> {
    return this.#get(this.#main, artistKey(id), async () => {
      const artist = await this.#client.artist(id)
      if (artist) this.#onArtist(artist)
      return artist
    })
  }

  /**
   * The albums of exactly this genre in any case of letters; `client` is whom they are for.
   * @throws CatalogueUnavailable as `album`, and where too many genres were requested that the catalogue is not known to have
   */
  async albumsOfGenre(genre: string, client: string): Promise<CatalogueAlbum[]> {
    // Neither an event nor an album has a longer genre.
    if (genre.length > MAX_TEXT_LENGTH) return []
    const key = genreKey(genre)
    const isKnown = this.#main.peek(key) !== undefined
    const albums = await this.#get(isKnown ? this.#main : this.#clientKeyed, key, async () => {
      if (!isKnown && !this.#budget.take(client)) {
        throw new CatalogueUnavailable('paused', 'too many genres were asked for that nobody knows')
      }
      return this.#fetchGenre(genre)
    })
    if (!isKnown && albums && albums.length > 0) await this.#moveGenre(key, albums)
    return albums ?? []
  }

  async #fetchGenre(genre: string): Promise<CatalogueAlbum[]> {
    const found = await this.#client.albumsOfGenre(genre)
    for (const album of found) {
      this.#onAlbum(album)
      // An earlier answer that there is no such album is outdated.
      if (this.known.album(album.id) === null) this.#main.clear(albumKey(album.id))
    }
    return found
  }

  /** Moves a genre that the catalogue has to the main cache. */
  async #moveGenre(key: string, albums: CatalogueAlbum[]): Promise<void> {
    await this.#get(this.#main, key, async () => albums)
    if (this.#clientKeyed !== this.#main) this.#clientKeyed.clear(key)
  }

  #known<T>(key: string): Answer<T> {
    const cached = this.#main.peek<Cached<T>>(key) ?? this.#clientKeyed.peek<Cached<T>>(key)
    return cached && 'answer' in cached ? cached.answer : undefined
  }

  async #get<T>(cache: AnswerCache, key: string, fetchAnswer: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const cached = await cache.get<Cached<T>>(
      key,
      ({ ttlMs }) => ttlMs,
      () => this.#fetch(key, fetchAnswer),
    )
    if ('fault' in cached) throw cached.fault
    return cached.answer
  }

  async #fetch<T>(key: string, fetchAnswer: () => Promise<Answer<T>>): Promise<Cached<T>> {
    try {
      const answer = await fetchAnswer()
      if (answer) return { answer, ttlMs: this.#ttlMs }
      return { answer: answer === null ? null : this.#known<T>(key), ttlMs: NONE_TTL_MS }
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable && error.unusable)) throw error
      const answer = this.#known<T>(key)
      return answer === undefined ? { fault: error, ttlMs: UNUSABLE_TTL_MS } : { answer, ttlMs: UNUSABLE_TTL_MS }
    }
  }
}

function albumKey(id: string): string {
  return `album:${id}`
}

function artistKey(id: string): string {
  return `artist:${id}`
}

function genreKey(genre: string): string {
  return `genre:${foldText(genre)}`
}
