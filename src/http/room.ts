/** Room for what clients have under way: however many send large batches at once, memory stays bounded. */
import type { ServerResponse } from 'node:http'
import { unavailable } from '../errors.ts'

/** One client holds at most this share, so that it keeps out nobody else. */
const SHARE = 1 / 4

/**
 * Counts what each client holds, from when it takes it to the end of its answer. Taken is what has arrived, not what was
 * announced: who sends little holds little.
 */
export class Room {
  readonly #size: number
  readonly #what: string
  readonly #held = new Map<string, number>()
  #taken = 0

  /** `what` there are too many of, when it is full, such as `large bodies`. */
  constructor(size: number, what: string) {
    this.#size = size
    this.#what = what
  }

  /** A function that takes more for this answer. @throws ServiceError 503 where the client's share or the room is full */
  for(client: string, answer: ServerResponse): (amount: number) => void {
    let own = 0
    answer.once('close', () => this.#add(client, -own))
    return amount => {
      own += amount
      this.#add(client, amount)
      if ((this.#held.get(client) ?? 0) > this.#size * SHARE) {
        throw unavailable(`too many ${this.#what} of this client are under way`)
      }
      if (this.#taken > this.#size) throw unavailable(`too many ${this.#what} are under way`)
    }
  }

  #add(client: string, amount: number): void {
    const held = (this.#held.get(client) ?? 0) + amount
    if (held > 0) this.#held.set(client, held)
    else this.#held.delete(client)
    this.#taken += amount
  }
}
