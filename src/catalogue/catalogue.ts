/** The catalogue behind the cache, and what it teaches on the way. */
import type { AnswerCache } from '../caching/answer-cache.ts'
import type { AnswerCaches } from '../caching/answer-caches.ts'
import { MAX_TEXT_LENGTH } from '../events/field-reading.ts'
import { albumRef, artistRef, genreRef } from '../identity/entity-ref.ts'
import type { CatalogueAlbum, CatalogueArtist } from './answers.ts'
import { CallBudget } from './call-budget.ts'
import { type CatalogueClient, CatalogueUnavailable } from './catalogue-client.ts'

export interface CatalogueOptions {
  client: Pick<CatalogueClient, 'album' | 'artist' | 'albumsOfGenre'>
  caches: AnswerCaches
  /** How long what was found is kept, in milliseconds. */
  ttlMs: number
  /** Hears of each album that was found and has just been fetched, those of a genre too. Must not throw. */
  onAlbum?: (album: CatalogueAlbum) => void
  /** Hears of each artist that was found and has just been fetched. Must not throw. */
  onArtist?: (artist: CatalogueArtist) => void
  budget?: CallBudget
}

/** null: the catalogue has none under this id; undefined: it can't say. */
type Answer<T> = T | null | undefined

/** An answer as it is cached; `fault` where the catalogue's answer was unusable and there is no older one. */
type Kept<T> = ({ answer: Answer<T> } | { fault: CatalogueUnavailable }) & { ttlMs: number }

/** How long it is remembered that the catalogue has none under an id, or can't say. */
const NONE_TTL_MS = 60_000
/** How long a catalogue that answers nonsense is left alone. */
const UNUSABLE_TTL_MS = 30_000

export class Catalogue {
  readonly #client: CatalogueOptions['client']
  readonly #lasting: AnswerCache
  readonly #asked: AnswerCache
  readonly #budget: CallBudget
  readonly #ttlMs: number
  readonly #onAlbum: (album: CatalogueAlbum) => void
  readonly #onArtist: (artist: CatalogueArtist) => void

  constructor(options: CatalogueOptions) {
    const { client, caches, ttlMs, onAlbum = () => {}, onArtist = () => {}, budget = new CallBudget() } = options
    this.#client = client
    this.#lasting = caches.lasting
    this.#asked = caches.asked
    this.#budget = budget
    this.#ttlMs = ttlMs
    this.#onAlbum = onAlbum
    this.#onArtist = onArtist
  }

  /** What is known at once, however old: null: the catalogue has none; undefined: not known. */
  readonly known = {
    album: (id: string): Answer<CatalogueAlbum> => this.#known(albumRef(id)),
    artist: (id: string): Answer<CatalogueArtist> => this.#known(artistRef(id)),
    albumsOfGenre: (genre: string): CatalogueAlbum[] | undefined => this.#known(genreRef(genre)) ?? undefined,
  }

  /**
   * Null where the catalogue has none under this id, undefined where it can't say. Throws `CatalogueUnavailable` where
   * nothing is known.
   */
  album(id: string): Promise<Answer<CatalogueAlbum>> {
    return this.#get(this.#lasting, albumRef(id), async () => {
      const album = await this.#client.album(id)
      if (album) this.#onAlbum(album)
      return album
    })
  }

  /** As `album`. */
  artist(id: string): Promise<Answer<CatalogueArtist>> {
    return this.#get(this.#lasting, artistRef(id), async () => {
      const artist = await this.#client.artist(id)
      if (artist) this.#onArtist(artist)
      return artist
    })
  }

  /**
   * The albums of exactly this genre, without case; `client` is whom they are for. Throws `CatalogueUnavailable` where nothing
   * is known, also where too many genres were asked for that the catalogue is not known to have.
   */
  async albumsOfGenre(genre: string, client: string): Promise<CatalogueAlbum[]> {
    // Neither an event nor an album has a longer one.
    if (genre.length > MAX_TEXT_LENGTH) return []
    const key = genreRef(genre)
    const isKnown = this.#lasting.peek(key) !== undefined
    const albums = await this.#get(isKnown ? this.#lasting : this.#asked, key, async () => {
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
      // That there was none is older than this list.
      if (this.known.album(album.id) === null) this.#lasting.clear(albumRef(album.id))
    }
    return found
  }

  /** Keeps a genre that the catalogue has among what lasts. */
  async #moveGenre(key: string, albums: CatalogueAlbum[]): Promise<void> {
    await this.#get(this.#lasting, key, async () => albums)
    if (this.#asked !== this.#lasting) this.#asked.clear(key)
  }

  #known<T>(key: string): Answer<T> {
    const kept = this.#lasting.peek<Kept<T>>(key) ?? this.#asked.peek<Kept<T>>(key)
    return kept && 'answer' in kept ? kept.answer : undefined
  }

  async #get<T>(cache: AnswerCache, key: string, fetchAnswer: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const kept = await cache.get<Kept<T>>(
      key,
      ({ ttlMs }) => ttlMs,
      () => this.#fetch(key, fetchAnswer),
    )
    if ('fault' in kept) throw kept.fault
    return kept.answer
  }

  async #fetch<T>(key: string, fetchAnswer: () => Promise<Answer<T>>): Promise<Kept<T>> {
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
