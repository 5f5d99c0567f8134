/**
 * Whom subjects belong to, decided when a question is asked (`docs/architecture.md`, 'Who an event belongs to'): as the
 * catalogue says; else, of what events taught, the pairing of most events wins, then the smaller id.
 */
import { foldText } from '../events/fold-text.ts'
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { TAUGHT, TAUGHT_BY } from '../projections/taught-bindings.ts'
import type { Reads } from '../storage/storage.ts'
import { Catalogued } from './catalogued.ts'

type Row = ReadonlyMap<string, number>

const NOTHING: Row = new Map()

/** Orders ids: numbers first, as numbers, then the others by code units. Negative where `a` comes first. */
export function compareIds(a: string, b: string): number {
  const isNumber = /^\d+$/.test(a)
  if (isNumber !== /^\d+$/.test(b)) return isNumber ? -1 : 1
  if (isNumber) {
    const difference = BigInt(a) - BigInt(b)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return a < b ? -1 : a > b ? 1 : 0
}

/** Orders things and subjects by their ids, then by their kinds. */
export const compareThings = (a: string, b: string): number => compareIds(idOf(a), idOf(b)) || compareIds(a, b)

/** A track's id inside its album, as the catalogue has it: `1` of the key `<albumId>_1`. */
export const idInAlbum = (trackKey: string, albumId: string): string =>
  trackKey.startsWith(`${albumId}_`) ? trackKey.slice(albumId.length + 1) : trackKey

/** The id of a thing or subject: what follows its kind, `4` of `artist:4`. */
export const idOf = (thing: string): string => thing.slice(thing.indexOf(':') + 1)

/**
 * The bindings as one snapshot has them. Everything is asked in bulk and read once, so that a list of many subjects
 * costs a few reads.
 */
export class Bindings {
  #reads: Reads
  #rows = new Map<string, Row>()
  #catalogued: Catalogued

  constructor(reads: Reads) {
    this.#reads = reads
    this.#catalogued = new Catalogued(reads)
  }

  /**
   * Whom each subject belongs to: `artist:<id>`, `name:<folded name>` where that name is bound to no artist,
   * `album:<id>` where that album is bound to neither, or `none`.
   */
  async ownersOf(subjects: Iterable<string>): Promise<Map<string, string>> {
    const asked = [...new Set(subjects)]
    await this.#learnOwners(asked)
    const owners = new Map(asked.map(subject => [subject, this.#ownerOf(subject)]))
    await this.#catalogued.learnAliases(owners.values())
    return new Map([...owners].map(([subject, owner]) => [subject, this.#catalogued.canonical(owner)]))
  }

  /** All subjects whose figures are those of the artist with this id or, where no artist has it, of this name. */
  async subjectsOf(artistId: string): Promise<string[]> {
    const artist = await this.#canonicalArtist(artistId)
    const name = `name:${foldText(artistId)}`
    const asked = (await this.#isKnown(artist)) ? [artist] : [artist, name]
    const subjects = new Set([`artist:${artistId}`, ...asked])
    await this.#catalogued.learn([artist])
    const borne = this.#catalogued.artist(artist)?.name
    const aliases = await this.#catalogued.linkedWith([artist])
    const roots = [...asked, ...aliases.filter(thing => thing.startsWith('artist:'))]
    if (borne) roots.push(`name:${foldText(borne)}`)
    const near = [...roots, ...(await this.#namedWith(roots))]
    const names = near.filter(thing => thing.startsWith('name:'))
    for (const thing of [...near, ...(await this.#namedWith(names))]) {
      if (!thing.startsWith('track:') && !thing.startsWith('genre:')) subjects.add(thing)
    }
    const owners = await this.ownersOf(subjects)
    return [...subjects].filter(subject => asked.includes(owners.get(subject)!))
  }

  /**
   * Whom a text means, however it is spelled: `artist:<id>` by any form of a known artist's id or a name bound to it, else
   * `name:<folded name>`.
   */
  async meantBy(asked: string): Promise<string> {
    const folded = foldText(asked)
    for (const id of new Set([asked, asked.trim(), folded])) {
      const artist = await this.#canonicalArtist(id)
      if (await this.#isKnown(artist)) return artist
    }
    const name = `name:${folded}`
    return (await this.ownersOf([name])).get(name)!
  }

  /** How each thing is spelled: an artist as the catalogue does, else as most events do; things never spelled are absent. */
  async labelsOf(things: Iterable<string>): Promise<Map<string, string>> {
    const asked = [...new Set(things)]
    const labels = new Map([...(await this.#bestOf(asked, 'label:'))].map(([thing, label]) => [thing, idOf(label)]))
    await this.#catalogued.learn(asked.filter(thing => thing.startsWith('artist:')))
    for (const thing of asked) {
      const name = this.#catalogued.artist(thing)?.name
      if (name) labels.set(thing, name)
    }
    return labels
  }

  /** The `album:<id>` of each track (`track:<key>`); tracks without one are absent. */
  albumsOf(tracks: Iterable<string>): Promise<Map<string, string>> {
    return this.#bestOf(tracks, 'album:')
  }

  /**
   * Whom each track (`track:<key>`) belongs to: its album's owner where that is an artist or a name, else the artist or
   * name that its own events say. Tracks of nobody are absent.
   */
  async trackOwnersOf(tracks: readonly string[]): Promise<Map<string, string>> {
    const albums = await this.albumsOf(tracks)
    const artists = await this.#bestOf(tracks, 'artist:')
    const names = await this.#bestOf(tracks, 'name:')
    const owners = await this.ownersOf([...albums.values(), ...artists.values(), ...names.values()])
    const found = new Map<string, string>()
    for (const track of tracks) {
      const byAlbum = owners.get(albums.get(track) ?? '')
      const own = owners.get(artists.get(track) ?? names.get(track) ?? '')
      const owner = byAlbum && !byAlbum.startsWith('album:') ? byAlbum : own
      if (owner) found.set(track, owner)
    }
    return found
  }

  /**
   * The folded genre of each track, album and artist: of a track, what the catalogue says of its album, else what its
   * own events say most, else what its album's do; of an artist, what the catalogue says. Others are absent.
   */
  async genresOf(things: readonly string[]): Promise<Map<string, string>> {
    const own = await this.#bestOf(things, 'genre:')
    const albums = await this.albumsOf(things.filter(thing => thing.startsWith('track:')))
    const albumGenres = await this.#bestOf(albums.values(), 'genre:')
    await this.#catalogued.learn([...things, ...albums.values()])
    const found = new Map<string, string>()
    for (const thing of things) {
      const album = albums.get(thing) ?? thing
      const catalogued = this.#catalogued.album(album)?.genre ?? this.#catalogued.artist(thing)?.genre
      const taught = own.get(thing) ?? albumGenres.get(album)
      const genre = catalogued ? foldText(catalogued) : taught && idOf(taught)
      if (genre) found.set(thing, genre)
    }
    return found
  }

  /** The tracks (`track:<key>`) that can be of a folded genre: which of them are, `genresOf` says. */
  async genreCandidates(genre: string): Promise<string[]> {
    const named = await this.#namedWith([`genre:${genre}`])
    const ofAlbums = await this.#namedWith(named.filter(thing => thing.startsWith('album:')))
    return [...new Set([...named, ...ofAlbums])].filter(thing => thing.startsWith('track:'))
  }

  /** `artist:<id>` by the id that the artist goes by, from any form of it. */
  async #canonicalArtist(artistId: string): Promise<string> {
    const artist = `artist:${artistId}`
    await this.#catalogued.learn([artist])
    return this.#catalogued.canonical(artist)
  }

  /** Reads what `#ownerOf` needs. */
  async #learnOwners(subjects: readonly string[]): Promise<void> {
    const bound = subjects.filter(subject => !subject.startsWith('artist:'))
    await this.#learn(bound)
    await this.#catalogued.learn(bound)
    const names = bound
      .filter(subject => subject.startsWith('album:'))
      .flatMap(album => [this.#cataloguedName(album), this.#best(album, 'name:')])
      .filter(name => name !== undefined)
    await this.#learn(names)
    await this.#catalogued.learn(names)
  }

  #ownerOf(subject: string): string {
    if (subject.startsWith('name:')) return this.#ownerOfName(subject)
    if (!subject.startsWith('album:')) return subject
    const artistId = this.#catalogued.album(subject)?.artistId
    if (typeof artistId === 'string') return `artist:${artistId}`
    const catalogued = this.#cataloguedName(subject)
    const byName = catalogued && this.#ownerOfName(catalogued)
    if (byName?.startsWith('artist:')) return byName
    const name = this.#best(subject, 'name:')
    return this.#best(subject, 'artist:') ?? byName ?? (name ? this.#ownerOfName(name) : subject)
  }

  #ownerOfName(name: string): string {
    const [only, ...others] = this.#catalogued.artistsNamed(name)
    if (only !== undefined) return others.length === 0 ? only : name
    return this.#best(name, 'artist:') ?? name
  }

  #cataloguedName(album: string): string | undefined {
    const name = this.#catalogued.album(album)?.name
    return name ? `name:${foldText(name)}` : undefined
  }

  /** An artist is known to the catalogue, or where something was counted for it, or where it was named with a name or an album. */
  async #isKnown(artist: string): Promise<boolean> {
    await this.#catalogued.learn([artist])
    if (this.#catalogued.artist(artist)) return true
    await this.#learn([artist])
    if (this.#rows.get(artist)!.size > 0) return true
    if ((await this.#namedWith([artist])).length > 0) return true
    return (await this.#reads.first(SUBJECT_KPIS.name, [artist])) !== null
  }

  /** What was named with one of the things, by events or the catalogue: candidates, each to be verified by itself. */
  async #namedWith(things: readonly string[]): Promise<string[]> {
    const rows = await this.#reads.rows(TAUGHT_BY.name, things)
    return [...rows.flatMap(row => [...row.keys()]), ...(await this.#catalogued.linkedWith(things))]
  }

  async #bestOf(things: Iterable<string>, kind: string): Promise<Map<string, string>> {
    const asked = [...new Set(things)]
    await this.#learn(asked)
    const found = new Map<string, string>()
    for (const thing of asked) {
      const best = this.#best(thing, kind)
      if (best !== undefined) found.set(thing, best)
    }
    return found
  }

  /** Of what a thing was named together with, that of a kind with most events, then the smaller id. */
  #best(thing: string, kind: string): string | undefined {
    let best: string | undefined
    let most = 0
    for (const [field, count] of this.#rows.get(thing) ?? NOTHING) {
      if (!field.startsWith(kind) || count < most) continue
      if (count === most && best !== undefined && compareIds(idOf(field), idOf(best)) >= 0) continue
      best = field
      most = count
    }
    return best
  }

  async #learn(things: readonly string[]): Promise<void> {
    const unknown = [...new Set(things)].filter(thing => !this.#rows.has(thing))
    if (unknown.length === 0) return
    const rows = await this.#reads.rows(TAUGHT.name, unknown)
    for (const [i, thing] of unknown.entries()) this.#rows.set(thing, rows[i] ?? NOTHING)
  }
}
