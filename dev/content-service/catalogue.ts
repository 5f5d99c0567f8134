/** The data of the stand-in catalogue, and the maker of invented data: the same seed and sizes make the same catalogue. */
import { createHash } from 'node:crypto'
import { seededRandom } from '../replay/random.ts'
import { GENRES, nameOf, titleOf } from './words.ts'

export interface Track {
  /** From 1 on within its album. */
  id: number
  title: string
  /** `4:10` */
  duration: string
  url: string
  /** `A, B` */
  autor: string
  n_reproducciones: number
  price: number
}

/** Fields that replace those of an answer, or are added to it; a field that is undefined is left out. */
interface Amendable {
  amended?: Record<string, unknown>
}

export interface Album extends Amendable {
  /** 24 hexadecimal digits. */
  id: string
  title: string
  /** The artist's name. */
  artist: string
  artistId: number | null
  genre: string
  /** A path of this server, which is made absolute in answers, as all addresses are. */
  coverImage: string
  price: number
  releaseYear: number
  tracks: Track[]
  /** ISO 8601. */
  updatedAt: string
}

/** Its answer contains the albums whose `artistId` is its `id`. */
export interface Artist extends Amendable {
  _id: string
  id: number
  name: string
  profileImage: string
  genre: string
  /** Only in answers of a server with the option `emails`. */
  email?: string
}

export interface Catalogue {
  artists: Artist[]
  albums: Album[]
}

export interface CatalogueOptions {
  seed?: number | undefined
  artists?: number | undefined
  /** The greatest number of albums of an artist, without the one that lacks the artist's number. */
  albums?: number | undefined
  /** The greatest number of tracks of an album. */
  tracks?: number | undefined
}

const DAY_MS = 86_400_000
const LAST_UPDATE = Date.UTC(2026, 0, 1)
const YEARS_OF_UPDATES = 6
/** Every fifth artist, from this one on, has another album, with the artist's name and without the number. */
const FIRST_UNNUMBERED = 3

/** Artists are numbered from 1 on. Number 4 is DJ Beats; 2 and 5 have the same name. */
export function makeCatalogue(options: CatalogueOptions = {}): Catalogue {
  const maker = new CatalogueMaker(options)
  for (let id = 1; id <= (options.artists ?? 40); id++) maker.addArtist(id)
  return maker.catalogue
}

class CatalogueMaker {
  catalogue: Catalogue = { artists: [], albums: [] }
  #seed: number
  #random: () => number
  #albums: number
  #tracks: number

  constructor({ seed = 1, albums = 4, tracks = 12 }: CatalogueOptions) {
    this.#seed = seed
    this.#random = seededRandom(seed)
    this.#albums = albums
    this.#tracks = tracks
  }

  addArtist(id: number): void {
    const artist: Artist = {
      _id: this.#hexId(`artist ${id}`),
      id,
      name: nameOf(id, this.#seed),
      profileImage: `/assets/profiles/${id}.svg`,
      genre: GENRES[id % GENRES.length]!,
      email: `artist${id}@example.com`,
    }
    this.catalogue.artists.push(artist)
    const numbered = this.#whole(1, this.#albums)
    // The first has its artist's genre, so that each genre has an album.
    for (let n = 0; n < numbered; n++) this.#addAlbum(artist, id, n === 0 || this.#random() < 0.7)
    if (id % 5 === FIRST_UNNUMBERED) this.#addAlbum(artist, null, true)
  }

  #addAlbum({ name, genre }: Artist, artistId: number | null, isOfItsGenre: boolean): void {
    const id = this.#hexId(`album ${this.catalogue.albums.length}`)
    const updatedAt = new Date(LAST_UPDATE - this.#whole(1, YEARS_OF_UPDATES * 365 * DAY_MS))
    this.catalogue.albums.push({
      id,
      title: titleOf(this.#random),
      artist: name,
      artistId,
      genre: isOfItsGenre ? genre : this.#oneOf(GENRES),
      coverImage: `/assets/covers/${id}.svg`,
      price: this.#whole(499, 1499) / 100,
      releaseYear: updatedAt.getUTCFullYear() - this.#whole(0, 3),
      tracks: Array.from({ length: this.#whole(1, this.#tracks) }, (_, i) => this.#track(id, i + 1, name)),
      updatedAt: updatedAt.toISOString(),
    })
  }

  #track(albumId: string, id: number, artist: string): Track {
    return {
      id,
      title: titleOf(this.#random),
      duration: `${this.#whole(2, 6)}:${String(this.#whole(0, 59)).padStart(2, '0')}`,
      url: `/assets/tracks/${albumId}_${id}.mp3`,
      autor: this.#autor(artist),
      n_reproducciones: this.#whole(0, 100_000),
      price: this.#whole(79, 199) / 100,
    }
  }

  /** Now and then with a guest. */
  #autor(artist: string): string {
    const guest = this.#oneOf(this.catalogue.artists).name
    return guest !== artist && this.#random() < 0.2 ? `${artist}, ${guest}` : artist
  }

  #hexId(what: string): string {
    return createHash('sha256').update(`${this.#seed} ${what}`).digest('hex').slice(0, 24)
  }

  #whole(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1))
  }

  #oneOf<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)]!
  }
}
