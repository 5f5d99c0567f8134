/** Stores what the catalogue answers as catalogue records. */
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
  UNKNOWN_ALBUM,
  writeRecords,
} from './catalogue-record.ts'

const LIST = 'artists'
/** Documents of one write: a longer one would delay the events that wait for the store. */
const WRITE_SIZE = 200
const READ_SIZE = 500
/** Records of `writeSoon` are gathered for so long, and written together. */
const GATHER_MS = 200
const MAX_PENDING = 5_000

export class RecordStore {
  readonly #documents: Documents
  readonly #clock: () => Instant
  #pending = new Map<NamedRecord[0], CatalogueRecord>()
  #writing: Promise<void> | undefined
  #isClosed = false

  constructor(documents: Documents, clock: () => Instant) {
    this.#documents = documents
    this.#clock = clock
  }

  writeAlbum(album: CatalogueAlbum): Promise<void> {
    return this.#write([albumRecord(album, this.#clock())])
  }

  /**
   * Writes soon what an answer says that was fetched for a client. It is dropped where the store can't write it, for the
   * catalogue refresh will ask again; and after `close`, for a call may outlast the service that made it.
   */
  writeSoon(answer: { album: CatalogueAlbum } | { artist: CatalogueArtist }): void {
    if (this.#isClosed) return
    const at = this.#clock()
    const records = 'album' in answer ? [albumRecord(answer.album, at)] : artistRecords(answer.artist, at)
    if (this.#pending.size + records.length > MAX_PENDING) return
    for (const [entity, record] of records) this.#pending.set(entity, record)
    this.#writing ??= this.#writePending()
  }

  /** Waits for what `writeSoon` has gathered, and takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true
    while (this.#writing) await this.#writing
  }

  /** Records that the catalogue has no such album, or can't say. What it said before stays, for the events of that time. */
  async writeNoAlbum(id: string, { missing }: { missing: boolean }): Promise<void> {
    const entity = albumRef(id)
    const document = await this.#documents.get(CATALOGUE_RECORDS, entity)
    const before = document ? (readRecord(document.value) as AlbumRecord) : undefined
    await this.#write([[entity, { ...UNKNOWN_ALBUM, ...before, missing, at: this.#clock() }]])
  }

  /**
   * Writes the catalogue's whole list of artists. An artist that is no longer listed loses the name, so that another artist can
   * have it. An empty list is ignored, since a platform has artists.
   */
  async writeArtists(artists: readonly ListedArtist[]): Promise<void> {
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

  /** When the list of artists was written last; `-Infinity`: never. */
  async artistsListedAt(): Promise<Instant> {
    const document = await this.#documents.get(CATALOGUE_STATE, LIST)
    return document ? Number(document.value) : Number.NEGATIVE_INFINITY
  }

  async #writePending(): Promise<void> {
    await wait(GATHER_MS)
    const records = [...this.#pending]
    this.#pending.clear()
    try {
      await this.#write(records)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    this.#writing = this.#pending.size > 0 ? this.#writePending() : undefined
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

function albumRecord(album: CatalogueAlbum, at: Instant): NamedRecord {
  const { id, artistId, artistName: name, genre, title, releaseDate, releaseYear } = album
  const tracks = album.tracks.flatMap(({ id, title }) => (title === null ? [] : [{ id, title }]))
  return [
    albumRef(id),
    { kind: 'album', at, missing: false, artistId, name, genre, title, releaseDate, releaseYear, tracks },
  ]
}

function artistRecords({ id, otherId, name, genre }: ListedArtist, at: Instant): NamedRecord[] {
  const artist: NamedRecord = [artistRef(id), { kind: 'artist', at, name, genre }]
  return otherId === null || otherId === id
    ? [artist]
    : [artist, [artistRef(otherId), { kind: 'alias', at, artistId: id }]]
}

const isSame = (known: CatalogueRecord | undefined, record: CatalogueRecord): boolean =>
  known !== undefined && JSON.stringify({ ...known, at: 0 }) === JSON.stringify({ ...record, at: 0 })
