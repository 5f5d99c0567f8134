/** The listeners of the demo: where they live, which genres they like, and who of them listens. */
import { GENRES } from '../content-service/words.ts'
import { seededRandom } from '../replay/random.ts'
import { ZONES, type Zone } from './rhythm.ts'

const LISTENERS = 4000
/** So many are there when the history begins; the others come one by one. */
const FIRST_SHARE = 0.45
const ANONYMOUS_SHARE = 0.08
/** How often somebody hears something else than usual. */
const CURIOUS_SHARE = 0.15
/** Some listen much and most a little: the greater, the more uneven. */
const UNEVENNESS = 2.2
const GENRES_OF_A_LISTENER = 2

export class Audience {
  /** By zone and genre, those that listen most first; under the genre `''` all of the zone. */
  readonly #listeners = new Map<string, string[]>()

  constructor(seed: number) {
    const random = seededRandom(seed)
    for (let number = 1; number <= LISTENERS; number++) {
      const zone = ZONES[number % ZONES.length]!
      const tastes = Array.from({ length: GENRES_OF_A_LISTENER }, () => GENRES[Math.floor(random() * GENRES.length)]!)
      for (const genre of new Set(['', ...tastes])) {
        this.#listeners.getOrInsertComputed(`${zone} ${genre}`, () => []).push(`u${number}`)
      }
    }
  }

  /** Who hears a song of the genre; null: nobody known. `shareOver`: how much of the history is over. */
  listener(zone: Zone, genre: string, shareOver: number, random: () => number): string | null {
    if (random() < ANONYMOUS_SHARE) return null
    const listeners = this.#listeners.get(`${zone} ${random() < CURIOUS_SHARE ? '' : genre}`)!
    const present = listeners.length * (FIRST_SHARE + (1 - FIRST_SHARE) * shareOver)
    return listeners[Math.floor(present * random() ** UNEVENNESS)]!
  }
}
