/**
 * Whom subjects belong to, decided when a question is asked, from what events taught (`docs/architecture.md`, 'Who an
 * event belongs to'): the pairing of most events wins, then the smaller id.
 */
import { foldText } from '../events/credits.ts'
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { TAUGHT, TAUGHT_BY } from '../projections/taught-bindings.ts'
import type { Reads } from '../storage/storage.ts'

type Row = ReadonlyMap<string, number>

const NOTHING: Row = new Map()

/** Orders ids: as numbers where both are all digits, else by code units. Negative where `a` comes first. */
export function compareIds(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) {
    const difference = BigInt(a) - BigInt(b)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return a < b ? -1 : a > b ? 1 : 0
}

/** The id of a thing or subject: what follows its kind, `4` of `artist:4`. */
export const idOf = (thing: string): string => thing.slice(thing.indexOf(':') + 1)

/**
 * The bindings as one snapshot has them. Everything is asked in bulk and read once, so that a list of many subjects
 * costs a few reads.
 */
export class Bindings {
  #reads: Reads
  #rows = new Map<string, Row>()

  constructor(reads: Reads) {
    this.#reads = reads
  }

  /**
   * Whom each subject belongs to: `artist:<id>`, `name:<folded name>` where that name is bound to no artist,
   * `album:<id>` where that album is bound to neither, or `none`.
   */
  async ownersOf(subjects: Iterable<string>): Promise<Map<string, string>> {
    const asked = [...new Set(subjects)]
    await this.#learn(asked.filter(subject => !subject.startsWith('artist:')))
    const names = asked.map(subject => (subject.startsWith('album:') ? this.#best(subject, 'name:') : undefined))
    await this.#learn(names.filter(name => name !== undefined))
    return new Map(asked.map(subject => [subject, this.#ownerOf(subject)]))
  }

  /** All subjects whose figures are those of the artist with this id or, where no artist has it, of this name. */
  async subjectsOf(artistId: string): Promise<string[]> {
    const artist = `artist:${artistId}`
    const name = `name:${foldText(artistId)}`
    const asked = (await this.#isKnown(artist)) ? [artist] : [artist, name]
    const subjects = new Set(asked)
    const near = await this.#namedWith(asked)
    for (const thing of near.concat(await this.#namedWith(near.filter(thing => thing.startsWith('name:'))))) {
      if (!thing.startsWith('track:')) subjects.add(thing)
    }
    const owners = await this.ownersOf(subjects)
    return [...subjects].filter(subject => asked.includes(owners.get(subject)!))
  }

  /** How each thing is spelled by most events; things never spelled are absent. */
  async labelsOf(things: Iterable<string>): Promise<Map<string, string>> {
    const found = await this.#bestOf(things, 'label:')
    return new Map([...found].map(([thing, label]) => [thing, idOf(label)]))
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
    const owners = await this.ownersOf([...albums.values(), ...names.values()])
    const found = new Map<string, string>()
    for (const track of tracks) {
      const byAlbum = owners.get(albums.get(track) ?? '')
      const byName = owners.get(names.get(track) ?? '')
      const owner = byAlbum && !byAlbum.startsWith('album:') ? byAlbum : (artists.get(track) ?? byName)
      if (owner) found.set(track, owner)
    }
    return found
  }

  /** The folded genre of each track: what its own events say most, else what its album's do; else absent. */
  async genresOf(tracks: readonly string[]): Promise<Map<string, string>> {
    const own = await this.#bestOf(tracks, 'genre:')
    const albums = await this.albumsOf(tracks.filter(track => !own.has(track)))
    const albumGenres = await this.#bestOf(albums.values(), 'genre:')
    const found = new Map<string, string>()
    for (const track of tracks) {
      const genre = own.get(track) ?? albumGenres.get(albums.get(track) ?? '')
      if (genre) found.set(track, idOf(genre))
    }
    return found
  }

  /** The tracks (`track:<key>`) that can be of a folded genre: which of them are, `genresOf` says. */
  async genreCandidates(genre: string): Promise<string[]> {
    const named = await this.#namedWith([`genre:${genre}`])
    const ofAlbums = await this.#namedWith(named.filter(thing => thing.startsWith('album:')))
    return [...new Set([...named, ...ofAlbums])].filter(thing => thing.startsWith('track:'))
  }

  #ownerOf(subject: string): string {
    if (subject.startsWith('name:')) return this.#best(subject, 'artist:') ?? subject
    if (!subject.startsWith('album:')) return subject
    const artist = this.#best(subject, 'artist:')
    if (artist) return artist
    const name = this.#best(subject, 'name:')
    return name ? (this.#best(name, 'artist:') ?? name) : subject
  }

  /** An artist is known where something was counted for it, or where it was named with a name or an album. */
  async #isKnown(artist: string): Promise<boolean> {
    await this.#learn([artist])
    if (this.#rows.get(artist)!.size > 0) return true
    const [namedWith] = await this.#reads.rows(TAUGHT_BY.name, [artist])
    return namedWith!.size > 0 || (await this.#reads.first(SUBJECT_KPIS.name, [artist])) !== null
  }

  /** What was named with one of the things: candidates, each to be verified by its own majority. */
  async #namedWith(things: readonly string[]): Promise<string[]> {
    const rows = await this.#reads.rows(TAUGHT_BY.name, things)
    return rows.flatMap(row => [...row.keys()])
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
