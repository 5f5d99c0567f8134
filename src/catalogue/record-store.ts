/** Keeps what the catalogue answers, durably: whom albums and names belong to. */
import { setTimeout as wait } from 'node:timers/promises'
import { documentPages } from '../storage/document-pages.ts'
import { type Documents, type Instant, StoreUnavailable } from '../storage/storage.ts'
import type { CatalogueAlbum, CatalogueArtist, ListedArtist } from './answers.ts'
import { type AlbumFact, FACTS, type Fact, type NamedFact, readFact, writeFacts } from './catalogue-record.ts'

/** When the list of artists was read last. */
export const STATE = 'catalogue-state'
const LIST = 'artists'
/** Documents in one write, so that no write holds up the events behind it. */
const WRITE_SIZE = 200
const READ_SIZE = 500
/** What is noted on the way is written together, after so long. */
const NOTED_MS = 200
const MAX_NOTED = 5_000

export class FactStore {
  readonly #documents: Documents
  readonly #clock: () => Instant
  #noted = new Map<string, Fact>()
  #writing: Promise<void> | undefined
  #isClosed = false

  constructor(documents: Documents, clock: () => Instant) {
    this.#documents = documents
    this.#clock = clock
  }

  /** Keeps what an album's answer says. */
  learnAlbum(album: CatalogueAlbum): Promise<void> {
    return this.#write([albumFact(album, this.#clock())])
  }

  /**
   * Keeps soon what an answer says that was fetched for something else. Where the store can't write it is forgotten: the
   * look-ups will ask again; so is what comes after `close`, for a call may outlast the service that made it.
   */
  note(answer: { album: CatalogueAlbum } | { artist: CatalogueArtist }): void {
    if (this.#isClosed) return
    const at = this.#clock()
    const facts = 'album' in answer ? [albumFact(answer.album, at)] : artistFacts(answer.artist, at)
    if (this.#noted.size + facts.length > MAX_NOTED) return
    for (const [thing, fact] of facts) this.#noted.set(thing, fact)
    this.#writing ??= this.#writeNoted()
  }

  /** Waits for what was noted, and notes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true
    while (this.#writing) await this.#writing
  }

  /**
   * Keeps that the catalogue has no such album, or can't say: what it said before stays true for what was counted before.
   */
  async learnNoAlbum(id: string, { missing }: { missing: boolean }): Promise<void> {
    const thing = `album:${id}`
    const document = await this.#documents.get(FACTS, thing)
    const before = document ? (readFact(document.value) as AlbumFact) : undefined
    const nothing: AlbumFact = { kind: 'album', at: 0, missing, artistId: null, name: null, genre: null }
    await this.#write([[thing, { ...nothing, ...before, missing, at: this.#clock() }]])
  }

  /**
   * Keeps a whole list of artists. Who is not on it bears no name any more, so that a name can pass to another; an empty
   * list says nothing, for a platform has artists.
   */
  async learnArtists(artists: readonly ListedArtist[]): Promise<void> {
    if (artists.length === 0) return
    const at = this.#clock()
    const listed = new Map(artists.flatMap(artist => artistFacts(artist, at)))
    const known = await this.#knownArtists()
    const changed = [...listed].filter(([thing, fact]) => !isSame(known.get(thing), fact))
    for (const [thing, fact] of known) {
      const isGone = fact.kind === 'artist' && fact.name !== null && !listed.has(thing)
      if (isGone) changed.push([thing, { ...fact, name: null, at }])
    }
    await this.#write(changed)
    await this.#documents.put(STATE, [{ id: LIST, group: LIST, value: String(at) }], 1)
  }

  /** When the list of artists was kept last; `-Infinity`: never. */
  async listedAt(): Promise<Instant> {
    const document = await this.#documents.get(STATE, LIST)
    return document ? Number(document.value) : Number.NEGATIVE_INFINITY
  }

  async #writeNoted(): Promise<void> {
    await wait(NOTED_MS)
    const facts = [...this.#noted]
    this.#noted.clear()
    try {
      await this.#write(facts)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    this.#writing = this.#noted.size > 0 ? this.#writeNoted() : undefined
  }

  async #knownArtists(): Promise<Map<string, Fact>> {
    const known = new Map<string, Fact>()
    for (const group of ['artist', 'alias']) {
      for await (const page of documentPages(this.#documents, FACTS, { group, limit: READ_SIZE })) {
        for (const { id, value } of page) known.set(id, readFact(value))
      }
    }
    return known
  }

  async #write(facts: readonly NamedFact[]): Promise<void> {
    for (let i = 0; i < facts.length; i += WRITE_SIZE) {
      await writeFacts(this.#documents, facts.slice(i, i + WRITE_SIZE))
    }
  }
}

function albumFact({ id, artistId, artistName, genre }: CatalogueAlbum, at: Instant): [string, AlbumFact] {
  return [`album:${id}`, { kind: 'album', at, missing: false, artistId, name: artistName, genre }]
}

function artistFacts({ id, otherId, name, genre }: ListedArtist, at: Instant): [string, Fact][] {
  const artist: [string, Fact] = [`artist:${id}`, { kind: 'artist', at, name, genre }]
  return otherId === null || otherId === id
    ? [artist]
    : [artist, [`artist:${otherId}`, { kind: 'alias', at, artistId: id }]]
}

const isSame = (known: Fact | undefined, fact: Fact): boolean =>
  known !== undefined && JSON.stringify({ ...known, at: 0 }) === JSON.stringify({ ...fact, at: 0 })
