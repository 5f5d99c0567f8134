/** What recommendations know of one listener: the genres, and what needs no recommending any more. */
import { Bindings, compareIds, idInAlbum, idOf } from '../queries/bindings.ts'
import type { Reads } from '../storage/storage.ts'
import { type ListenerItem, listenerItems } from './listener-items.ts'
import type { OwnItem } from './recommendation.ts'

/** Survives a structured clone. All ids are bare: `4`, not `artist:4`. */
export interface ListenerProfile {
  /** Strongest first, ties by genre. */
  genres: GenreTaste[]
  /** Bought, with something on it liked, or played more than `PLAYS_KNOWN` times. */
  hadAlbums: Set<string>
  /** Followed, of whom something was bought or liked, or played more than `PLAYS_KNOWN` times. */
  hadArtists: Set<string>
  /** How often the listener played each album. */
  ownAlbumPlays: Map<string, number>
}

export interface GenreTaste {
  /** Folded. */
  genre: string
  /** The part of the weight of all items of a known genre: 0 to 1, all together 1. */
  share: number
  /** The strongest items of this genre, at most three. */
  because: OwnItem[]
}

/** What was played more often is known to the listener. */
export const PLAYS_KNOWN = 3
const MAX_BECAUSE = 3
/** The strongest artists whose genre is made out from their albums; each costs a few reads. */
const MAX_GENRES_BY_ALBUMS = 50

/** What needs no recommending to a listener. */
export type Had = Pick<ListenerProfile, 'hadAlbums' | 'hadArtists'>

/** Empty for a listener of whom nothing was counted. */
export async function listenerProfile(reads: Reads, userId: string): Promise<ListenerProfile> {
  const bindings = new Bindings(reads)
  const { items, trackAlbums, ...had } = await possessions(reads, bindings, userId)
  return { ...had, genres: await genresOf(bindings, items, trackAlbums) }
}

/** That part of the profile which is quickly found. */
export async function listenerHad(reads: Reads, userId: string): Promise<Had> {
  const { hadAlbums, hadArtists } = await possessions(reads, new Bindings(reads), userId)
  return { hadAlbums, hadArtists }
}

async function possessions(reads: Reads, bindings: Bindings, userId: string) {
  const items = await listenerItems(reads, bindings, userId)
  const tracks = items.map(({ thing }) => thing).filter(thing => thing.startsWith('track:'))
  const trackAlbums = await bindings.albumsOf(tracks)
  const owners = await ownersOf(bindings, items, tracks)
  const albumOf = ({ thing }: ListenerItem) => (thing.startsWith('album:') ? thing : trackAlbums.get(thing))
  const ownAlbumPlays = playsBy(items, albumOf)
  return {
    items,
    trackAlbums,
    hadAlbums: new Set([...chosenBy(items, albumOf, ['likes', 'purchases']), ...known(ownAlbumPlays)]),
    hadArtists: hadArtists(items, ({ thing }) => owners.get(thing)),
    ownAlbumPlays,
  }
}

/** Whom each item belongs to, where that is an artist. */
async function ownersOf(
  bindings: Bindings,
  items: readonly ListenerItem[],
  tracks: readonly string[],
): Promise<Map<string, string>> {
  const others = items.map(({ thing }) => thing).filter(thing => !thing.startsWith('track:'))
  const owners = [...(await bindings.ownersOf(others)), ...(await bindings.trackOwnersOf(tracks))]
  return new Map(owners.filter(([, owner]) => owner.startsWith('artist:')))
}

type GroupOf = (item: ListenerItem) => string | undefined

function hadArtists(items: readonly ListenerItem[], artistOf: GroupOf): Set<string> {
  const chosen = chosenBy(items, artistOf, ['likes', 'follows', 'purchases'])
  return new Set([...chosen, ...known(playsBy(items, artistOf))])
}

function playsBy(items: readonly ListenerItem[], groupOf: GroupOf): Map<string, number> {
  const plays = new Map<string, number>()
  for (const item of items) {
    const group = groupOf(item)
    if (group === undefined || item.counts.plays === 0) continue
    plays.set(idOf(group), (plays.get(idOf(group)) ?? 0) + item.counts.plays)
  }
  return plays
}

function known(plays: ReadonlyMap<string, number>): string[] {
  return [...plays].filter(([, count]) => count > PLAYS_KNOWN).map(([id]) => id)
}

function chosenBy(
  items: readonly ListenerItem[],
  groupOf: GroupOf,
  measures: readonly ('likes' | 'follows' | 'purchases')[],
): string[] {
  return items
    .filter(({ counts }) => measures.some(measure => counts[measure] > 0))
    .map(groupOf)
    .filter(group => group !== undefined)
    .map(idOf)
}

/** Shares are summed in the order of the items, which is the same whatever order events arrived in. */
async function genresOf(
  bindings: Bindings,
  items: readonly ListenerItem[],
  trackAlbums: ReadonlyMap<string, string>,
): Promise<GenreTaste[]> {
  const genreOf = await itemGenres(
    bindings,
    items.map(({ thing }) => thing),
  )
  const known = items.filter(({ thing }) => genreOf.has(thing))
  const total = known.reduce((sum, { weight }) => sum + weight, 0)
  const groups = [...Map.groupBy(known, ({ thing }) => genreOf.get(thing)!)]
  const shown = groups.flatMap(([, all]) => all.slice(0, MAX_BECAUSE).map(({ thing }) => thing))
  const labels = await bindings.labelsOf(shown)
  return groups
    .map(([genre, all]) => ({
      genre,
      share: all.reduce((sum, { weight }) => sum + weight, 0) / total,
      because: all.slice(0, MAX_BECAUSE).map(({ thing }) => ownItem(thing, trackAlbums, labels)),
    }))
    .sort((a, b) => b.share - a.share || compareIds(a.genre, b.genre))
}

/** The folded genre of each thing; of an artist that the catalogue says nothing of, what most of the albums are. */
async function itemGenres(bindings: Bindings, things: readonly string[]): Promise<Map<string, string>> {
  const genres = await bindings.genresOf(things)
  const unknown = things.filter(thing => thing.startsWith('artist:') && !genres.has(thing))
  for (const artist of unknown.slice(0, MAX_GENRES_BY_ALBUMS)) {
    const genre = await genreByAlbums(bindings, artist)
    if (genre !== undefined) genres.set(artist, genre)
  }
  return genres
}

/** Ties: the smaller genre. */
async function genreByAlbums(bindings: Bindings, artist: string): Promise<string | undefined> {
  const subjects = await bindings.subjectsOf(idOf(artist))
  const genres = await bindings.genresOf(subjects.filter(subject => subject.startsWith('album:')))
  const groups = [...Map.groupBy(genres.values(), genre => genre)]
  const [best] = groups.sort(([a, x], [b, y]) => y.length - x.length || compareIds(a, b))
  return best?.[0]
}

function ownItem(
  thing: string,
  trackAlbums: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string>,
): OwnItem {
  const id = idOf(thing)
  const title = labels.get(thing) ?? null
  if (!thing.startsWith('track:')) return { type: thing.startsWith('album:') ? 'album' : 'artist', id, title }
  const album = trackAlbums.get(thing)
  if (album === undefined) return { type: 'track', id, title }
  const albumId = idOf(album)
  return { type: 'track', id, albumId, trackId: idInAlbum(id, albumId), title }
}
