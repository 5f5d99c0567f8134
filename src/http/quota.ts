/** Quotas of what clients have under way: however many send large batches at once, memory stays bounded. */
import type { ServerResponse } from 'node:http'
import { unavailable } from '../errors.ts'

/** One client may use at most this share, so that others can be served beside it. */
const SHARE = 1 / 4

/**
 * Counts what each client uses, from when it takes it to the end of its answer. What has arrived counts, not what was
 * announced: a client that sends little uses little.
 */
export class Quota {
  readonly #size: number
  readonly #unit: string
  readonly #used = new Map<string, number>()
  #total = 0

  /** `unit`: what is counted, for messages, such as `large bodies`. */
  constructor(size: number, unit: string) {
    this.#size = size
    this.#unit = unit
  }

  /**
   * A function that takes more of the quota until this answer ends. @throws ServiceError 503 where the client's share or
   * the whole quota is used up
   */
  for(client: string, answer: ServerResponse): (amount: number) => void {
    let own = 0
    answer.once('close', () => this.#add(client, -own))
    return amount => {
      own += amount
      this.#add(client, amount)
      if ((this.#used.get(client) ?? 0) > this.#size * SHARE) {
        throw unavailable(`too many ${this.#unit} of this client are under way`)
      }
      if (this.#total > this.#size) throw unavailable(`too many ${this.#unit} are under way`)
    }
  }

  #add(client: string, amount: number): void {
    const used = (this.#used.get(client) ?? 0) + amount
    if (used > 0) this.#used.set(client, used)
    else this.#used.delete(client)
    this.#total += amount
  }
}
