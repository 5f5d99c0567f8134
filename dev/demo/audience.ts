/** The listeners of the demo: where they live, which genres and which scene they like, and who of them listens. */
import type { Artist } from '../content-service/catalogue.ts'
import { GENRES } from '../content-service/words.ts'
import { seededRandom } from '../replay/random.ts'
import type { Song } from './repertoire.ts'
import { ZONES, type Zone } from './rhythm.ts'

const LISTENERS = 4000
/** So many are there when the history begins; the others come one by one. */
const FIRST_SHARE = 0.45
const ANONYMOUS_SHARE = 0.08
/** Of the plays, by what the song's listener is found: the scene of its artist, its genre, or neither, which is curiosity. */
const SCENE_SHARE = 0.75
const GENRE_SHARE = 0.2
/** Some listen much and most a little: the greater, the more uneven. */
const UNEVENNESS = 2.2
const GENRES_OF_A_LISTENER = 2
/** Artists that are heard by the same listeners, across genres: the recommendations have to find that out. */
const SCENES = 10

export class Audience {
  /** By zone and taste, those that listen most first; under the taste `''` all of the zone. */
  readonly #listeners = new Map<string, string[]>()

  constructor(seed: number) {
    const random = seededRandom(seed)
    for (let number = 1; number <= LISTENERS; number++) {
      const zone = ZONES[number % ZONES.length]!
      const genres = Array.from({ length: GENRES_OF_A_LISTENER }, () => GENRES[Math.floor(random() * GENRES.length)]!)
      const scene = sceneTaste(Math.floor(random() * SCENES))
      for (const taste of new Set(['', scene, ...genres])) {
        this.#listeners.getOrInsertComputed(`${zone} ${taste}`, () => []).push(`u${number}`)
      }
    }
  }

  /** Who hears a song; null: nobody known. `shareOver`: how much of the history is over. */
  listener({ artist, album }: Song, zone: Zone, shareOver: number, random: () => number): string | null {
    if (random() < ANONYMOUS_SHARE) return null
    const listeners = this.#listeners.get(`${zone} ${tasteFor(artist, album.genre, random())}`)!
    const present = listeners.length * (FIRST_SHARE + (1 - FIRST_SHARE) * shareOver)
    return listeners[Math.floor(present * random() ** UNEVENNESS)]!
  }
}

function tasteFor(artist: Artist, genre: string, chance: number): string {
  if (chance < SCENE_SHARE) return sceneTaste(artist.id % SCENES)
  return chance < SCENE_SHARE + GENRE_SHARE ? genre : ''
}

const sceneTaste = (scene: number): string => `scene ${scene}`
