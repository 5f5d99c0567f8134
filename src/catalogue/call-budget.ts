/** How many genres the catalogue is asked for that nobody knows it to have: clients can make up any number of them. */
import { MINUTE_MS } from '../units.ts'

/** Each may cost two calls. With the look-ups this stays below what the catalogue takes from one client: 150 a minute. */
const GENRES_A_MINUTE = 30
/** One client leaves the others as many. */
const OF_ONE_CLIENT = GENRES_A_MINUTE / 2

export class CallBudget {
  readonly #now: () => number
  #begun = Number.NEGATIVE_INFINITY
  #all = 0
  /** Never more clients than genres. */
  readonly #taken = new Map<string, number>()

  /** `now`: milliseconds, from any beginning. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Takes one genre for this client out of what is left for the minute; false where nothing is. */
  take(client: string): boolean {
    if (this.#now() - this.#begun >= MINUTE_MS) {
      this.#begun = this.#now()
      this.#all = 0
      this.#taken.clear()
    }
    const taken = this.#taken.get(client) ?? 0
    if (this.#all >= GENRES_A_MINUTE || taken >= OF_ONE_CLIENT) return false
    this.#all++
    this.#taken.set(client, taken + 1)
    return true
  }
}
