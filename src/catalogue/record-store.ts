/** Keeps what the catalogue answers, durably: whom albums and names belong to. */

import { setTimeout as wait } from 'node:timers/promises'
import { albumRef, artistRef } from '../identity/entity-ref.ts'
import { CATALOGUE_RECORDS, CATALOGUE_STATE } from '../storage/collections.ts'
import { documentPages } from '../storage/document-pages.ts'
import { type Documents, type Instant, StoreUnavailable } from '../storage/storage.ts'
import type { CatalogueAlbum, CatalogueArtist, ListedArtist } from './answers.ts'
import {
  type AlbumRecord,
  type CatalogueRecord,
  type NamedRecord,
  readNamedRecord,
  readRecord,
  writeRecords,
} from './catalogue-record.ts'

const LIST = 'artists'
/** Documents in one write, so that no write holds up the events behind it. */
const WRITE_SIZE = 200
const READ_SIZE = 500
/** What is noted on the way is written together, after so long. */
const NOTED_MS = 200
const MAX_NOTED = 5_000

export class RecordStore {
  readonly #documents: Documents
  readonly #clock: () => Instant
  #noted = new Map<NamedRecord[0], CatalogueRecord>()
  #writing: Promise<void> | undefined
  #isClosed = false

  constructor(documents: Documents, clock: () => Instant) {
    this.#documents = documents
    this.#clock = clock
  }

  /** Keeps what an album's answer says. */
  keepAlbum(album: CatalogueAlbum): Promise<void> {
    return this.#write([albumRecord(album, this.#clock())])
  }

  /**
   * Keeps soon what an answer says that was fetched for something else. Where the store can't write it is forgotten: the
   * look-ups will ask again; so is what comes after `close`, for a call may outlast the service that made it.
   */
  note(answer: { album: CatalogueAlbum } | { artist: CatalogueArtist }): void {
    if (this.#isClosed) return
    const at = this.#clock()
    const records = 'album' in answer ? [albumRecord(answer.album, at)] : artistRecords(answer.artist, at)
    if (this.#noted.size + records.length > MAX_NOTED) return
    for (const [entity, record] of records) this.#noted.set(entity, record)
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
  async keepNoAlbum(id: string, { missing }: { missing: boolean }): Promise<void> {
    const entity = albumRef(id)
    const document = await this.#documents.get(CATALOGUE_RECORDS, entity)
    const before = document ? (readRecord(document.value) as AlbumRecord) : undefined
    const nothing: AlbumRecord = { kind: 'album', at: 0, missing, artistId: null, name: null, genre: null }
    await this.#write([[entity, { ...nothing, ...before, missing, at: this.#clock() }]])
  }

  /**
   * Keeps a whole list of artists. Who is not on it bears no name any more, so that a name can pass to another; an empty
   * list says nothing, for a platform has artists.
   */
  async keepArtists(artists: readonly ListedArtist[]): Promise<void> {
    if (artists.length === 0) return
    const at = this.#clock()
    const listed = new Map(artists.flatMap(artist => artistRecords(artist, at)))
    const known = await this.#knownArtists()
    const changed = [...listed].filter(([entity, record]) => !isSame(known.get(entity), record))
    for (const [entity, record] of known) {
      const isGone = record.kind === 'artist' && record.name !== null && !listed.has(entity)
      if (isGone) changed.push([entity, { ...record, name: null, at }])
    }
    await this.#write(changed)
    await this.#documents.put(CATALOGUE_STATE, [{ id: LIST, group: LIST, value: String(at) }], 1)
  }

  /** When the list of artists was kept last; `-Infinity`: never. */
  async listedAt(): Promise<Instant> {
    const document = await this.#documents.get(CATALOGUE_STATE, LIST)
    return document ? Number(document.value) : Number.NEGATIVE_INFINITY
  }

  async #writeNoted(): Promise<void> {
    await wait(NOTED_MS)
    const records = [...this.#noted]
    this.#noted.clear()
    try {
      await this.#write(records)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    this.#writing = this.#noted.size > 0 ? this.#writeNoted() : undefined
  }

  async #knownArtists(): Promise<Map<NamedRecord[0], CatalogueRecord>> {
    const known = new Map<NamedRecord[0], CatalogueRecord>()
    for (const group of ['artist', 'alias']) {
      for await (const page of documentPages(this.#documents, CATALOGUE_RECORDS, { group, limit: READ_SIZE })) {
        for (const [entity, record] of page.map(readNamedRecord)) known.set(entity, record)
      }
    }
    return known
  }

  async #write(records: readonly NamedRecord[]): Promise<void> {
    for (let i = 0; i < records.length; i += WRITE_SIZE) {
      await writeRecords(this.#documents, records.slice(i, i + WRITE_SIZE))
    }
  }
}

function albumRecord({ id, artistId, artistName, genre }: CatalogueAlbum, at: Instant): NamedRecord {
  return [albumRef(id), { kind: 'album', at, missing: false, artistId, name: artistName, genre }]
}

function artistRecords({ id, otherId, name, genre }: ListedArtist, at: Instant): NamedRecord[] {
  const artist: NamedRecord = [artistRef(id), { kind: 'artist', at, name, genre }]
  return otherId === null || otherId === id
    ? [artist]
    : [artist, [artistRef(otherId), { kind: 'alias', at, artistId: id }]]
}

const isSame = (known: CatalogueRecord | undefined, record: CatalogueRecord): boolean =>
  known !== undefined && JSON.stringify({ ...known, at: 0 }) === JSON.stringify({ ...record, at: 0 })
