/** The clients that send events, all at once: some of known artists, some of the whole platform. */
import { Random } from '../../bench/random.ts'
import { type HonestEvent, knownArtistEvents, platformEvents } from './events.ts'
import { HonestClient } from './honest-client.ts'
import { KnownPlays } from './known-plays.ts'
import { Ledger } from './ledger.ts'
import { Sender } from './load.ts'
import { KEYS, type Run } from './run.ts'

/** The first ones send of known artists. */
const SENDERS = 5
const OF_KNOWN_ARTISTS = 3

export class Senders {
  readonly ledger = new Ledger()
  readonly plays = new KnownPlays()
  readonly #seed: number
  readonly #senders: readonly Sender[]

  constructor(run: Run, seed: number) {
    this.#seed = seed
    const now = Date.now()
    this.#senders = Array.from({ length: SENDERS }, (_, number) => {
      const source = number < OF_KNOWN_ARTISTS ? knownArtistEvents(number, seed) : platformEvents(number, seed, now)
      const client = new HonestClient(run, number, KEYS.honest[number]!)
      return new Sender(run, client, source, this, new Random(seed, number + 1))
    })
  }

  async work(): Promise<void> {
    await Promise.all(this.#senders.map(sender => sender.work()))
  }

  /** Sends again what is in doubt, until the signal; gives how many events are left. */
  async drain(signal: AbortSignal): Promise<number> {
    const left = await Promise.all(this.#senders.map(sender => sender.drain(signal)))
    return left.reduce((sum, count) => sum + count)
  }

  /** All events of the known artists that were sent. */
  *knownEvents(): Generator<HonestEvent> {
    for (const [number, { made }] of this.#senders.slice(0, OF_KNOWN_ARTISTS).entries()) {
      yield* knownArtistEvents(number, this.#seed).take(made)
    }
  }

  /** How long an event waited for its acknowledgement at most. */
  get longestWaitMs(): number {
    return Math.max(...this.#senders.map(sender => sender.longestWaitMs))
  }
}
