/** What can be heard in the demo: the stand-in's catalogue, who is how popular, and what comes out when. */
import { DAY_MS } from '../../src/units.ts'
import { type Album, type Artist, type Catalogue, makeCatalogue, type Track } from '../content-service/catalogue.ts'
import { seededRandom } from '../replay/random.ts'
import { fridayBefore } from './rhythm.ts'
import type { Timeline } from './timeline.ts'

export interface Song {
  artist: Artist
  album: Album
  track: Track
  /** How often it is played where nothing special happens, beside all others. */
  popularity: number
  /** The share of its audience that lives in the first zone. */
  firstZoneShare: number
  /** The day on which its album comes out, in epoch milliseconds; undefined where it came out before the history. */
  releasedAt: number | undefined
}

export interface Repertoire {
  catalogue: Catalogue
  songs: Song[]
  biggest: Artist
  tiny: Artist
  /** Whose name would be a program if a page took it for HTML. */
  markup: Artist
  /** A song that everybody hears for some days. */
  viral: Song
  /** A song that one listener plays all day for some days. */
  repeated: Song
  /** A song that many hear in the last hour. */
  surging: Song
}

const ARTISTS = 100
const MARKUP = '<img src=x onerror=alert(1)>'

/** Ranks by popularity, from 0 on. */
const RANKS = { biggest: 0, surging: 2, viral: 5, repeated: 11, markup: 12, tiny: ARTISTS - 1 }
/** The popularity of an artist falls by this power of the rank. */
const EXPONENT = 1.15
/** Of the last artist nearly nothing is heard. */
const TINY_SHARE = 0.05

/** Albums that come out during the history: the rank of the artist, and the share of the history that is over then. */
const RELEASES: [rank: number, share: number][] = [
  [0, 0.34],
  [0, 0.87],
  [1, 0.6],
  [2, 0.95],
  [3, 0.18],
  [4, 0.77],
  [7, 0.45],
  [8, 0.68],
  [12, 0.55],
  [16, 0.91],
  [23, 0.26],
]
/** Other albums came out this many days before the history, at most. */
const OLDEST_DAYS = 2500
/** One rank of so many has no e-mail address. */
const WITHOUT_ADDRESS = 4

/** The same for the same seed and days. */
export function makeRepertoire(seed: number, timeline: Timeline): Repertoire {
  const catalogue = makeCatalogue({ seed, artists: ARTISTS })
  const random = seededRandom(seed)
  const albums = albumsByArtist(catalogue)
  const ranked = shuffled(catalogue.artists, random).sort((a, b) => albums.get(b)!.length - albums.get(a)!.length)
  rename(ranked[RANKS.markup]!, albums.get(ranked[RANKS.markup]!)!)
  for (const [rank, artist] of ranked.entries()) if (rank % WITHOUT_ADDRESS === WITHOUT_ADDRESS - 1) delete artist.email
  const releases = releasesOf(ranked, albums, timeline)
  for (const album of catalogue.albums) date(album, releases.get(album), random, timeline)
  const songs = ranked.flatMap((artist, rank) => songsOf(artist, rank, albums.get(artist)!, releases, random()))
  const first = (rank: number) => songs.find(({ artist }) => artist === ranked[rank])!
  return {
    ...{ catalogue, songs, biggest: ranked[RANKS.biggest]!, tiny: ranked[RANKS.tiny]!, markup: ranked[RANKS.markup]! },
    ...{ viral: first(RANKS.viral), repeated: first(RANKS.repeated), surging: first(RANKS.surging) },
  }
}

/** Also those that the catalogue has under the artist's name alone. Of a name that two bear, they are the first one's. */
function albumsByArtist({ artists, albums }: Catalogue): Map<Artist, Album[]> {
  const owners = albums.map(album =>
    artists.find(({ id, name }) => (album.artistId ?? id) === id && album.artist === name),
  )
  return new Map(artists.map(artist => [artist, albums.filter((_, i) => owners[i] === artist)]))
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map(item => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item)
}

function rename(artist: Artist, albums: readonly Album[]): void {
  artist.name = MARKUP
  for (const album of albums) {
    album.artist = MARKUP
    for (const track of album.tracks) track.autor = MARKUP
  }
}

/** The artist's last albums are those that come out during the history. */
function releasesOf(ranked: readonly Artist[], albums: ReadonlyMap<Artist, Album[]>, timeline: Timeline) {
  const left = new Map(ranked.map(artist => [artist, albums.get(artist)!.slice(1)]))
  const releases = new Map<Album, number>()
  for (const [rank, share] of RELEASES) {
    const album = left.get(ranked[rank]!)!.pop()!
    releases.set(album, fridayBefore(timeline.dayAt(share)))
  }
  return releases
}

/**
 * The platform's catalogue names a year. What came out during the history keeps to that, so that its first play is its
 * release; of older albums the stand-in names the day, for otherwise all would seem to have come out with the first event.
 */
function date(album: Album, releasedAt: number | undefined, random: () => number, { begin }: Timeline): void {
  const day = releasedAt ?? begin - Math.ceil(random() * OLDEST_DAYS) * DAY_MS
  album.updatedAt = new Date(day).toISOString()
  album.releaseYear = new Date(day).getUTCFullYear()
  if (releasedAt === undefined) album.amended = { releaseDate: album.updatedAt.slice(0, 10) }
}

function songsOf(
  artist: Artist,
  rank: number,
  albums: readonly Album[],
  releases: ReadonlyMap<Album, number>,
  unit: number,
): Song[] {
  // Of an artist, the newest songs are the most popular ones.
  const newestFirst = albums.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  const tracks = newestFirst.flatMap(album => album.tracks.map(track => ({ album, track })))
  const weights = tracks.map((_, i) => (i + 1) ** -0.8)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const ofArtist = (rank + 1) ** -EXPONENT * (rank === RANKS.tiny ? TINY_SHARE : 1)
  return tracks.map(({ album, track }, i) => ({
    ...{ artist, album, track, releasedAt: releases.get(album) },
    popularity: (ofArtist * weights[i]!) / sum,
    firstZoneShare: 0.1 + 0.8 * unit,
  }))
}
