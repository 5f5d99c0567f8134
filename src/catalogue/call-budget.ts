/** Limits the calls for genres that the catalogue is not known to have, of which clients can make up any number. */
import { MINUTE_MS } from '../units.ts'

/** Each may cost two calls. Together with the catalogue refresh that is less than the catalogue's limit of 150 a minute. */
const GENRES_A_MINUTE = 30
const GENRES_A_CLIENT = GENRES_A_MINUTE / 2

export class CallBudget {
  readonly #now: () => number
  #minuteBegan = Number.NEGATIVE_INFINITY
  #taken = 0
  /** Never has more entries than `GENRES_A_MINUTE`. */
  readonly #takenByClient = new Map<string, number>()

  /** `now`: milliseconds of a monotonic clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Takes one genre of this minute's for the client; false where all are taken, or the client has had half of them. */
  take(client: string): boolean {
    if (this.#now() - this.#minuteBegan >= MINUTE_MS) {
      this.#minuteBegan = this.#now()
      this.#taken = 0
      this.#takenByClient.clear()
    }
    const byClient = this.#takenByClient.get(client) ?? 0
    if (this.#taken >= GENRES_A_MINUTE || byClient >= GENRES_A_CLIENT) return false
    this.#taken++
    this.#takenByClient.set(client, byClient + 1)
    return true
  }
}
