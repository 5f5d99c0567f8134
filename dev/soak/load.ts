/** Clients that send events in every form, and each again until it is acknowledged. */
import { AssertionError } from 'node:assert'
import type { Random } from '../../bench/random.ts'
import { type Form, type Receipt, readReceipt, requestOf } from '../../test/support/delivery.ts'
import type { HonestEvent } from './events.ts'
import type { HonestClient } from './honest-client.ts'
import type { Reply } from './http-client.ts'
import type { KnownPlays } from './known-plays.ts'
import type { Ledger } from './ledger.ts'
import { pause } from './pause.ts'
import { oneOf, type Run } from './run.ts'

const FORMS: readonly Form[] = ['single', 'single', 'json', 'gzip', 'ndjson']
const LARGEST_BATCH = 1_000
/** One in so many is an event again that was acknowledged. */
const AGAIN = 20
const KEPT_TO_REPEAT = 1_000
/** Events a second and client, on average: so many that the check at the end takes less time than the load. */
const RATE = 200
/** Keeps single events below the rate limit of a key. */
const SHORTEST_PAUSE_MS = 20

interface InDoubt {
  event: HonestEvent
  /** When it was sent first. */
  since: number
}

export interface Books {
  ledger: Ledger
  plays: KnownPlays
}

export class Sender {
  /** How long an event waited for its acknowledgement at most. */
  longestWaitMs = 0
  /** How many events it has made. */
  made = 0
  readonly #run: Run
  readonly #client: HonestClient
  readonly #source: Iterator<HonestEvent>
  readonly #books: Books
  readonly #random: Random
  #inDoubt: InDoubt[] = []
  #acknowledged: HonestEvent[] = []

  constructor(run: Run, client: HonestClient, source: Iterator<HonestEvent>, books: Books, random: Random) {
    this.#run = run
    this.#client = client
    this.#source = source
    this.#books = books
    this.#random = random
  }

  async work(): Promise<void> {
    while (!this.#run.ending.aborted) {
      const size = 1 + Math.floor(this.#random.unit() ** 3 * LARGEST_BATCH)
      const form = oneOf(FORMS, this.#random)
      if (form === 'single') await this.#send(this.#choose(1), form)
      else await this.#send(this.#choose(Math.max(size, this.#inDoubt.length)), form)
      const events = form === 'single' ? 1 : size
      await pause(Math.max(SHORTEST_PAUSE_MS, (events / RATE) * 1000), this.#run.ending)
    }
  }

  /** Sends again what is in doubt, until the signal; gives how many events are left. */
  async drain(signal: AbortSignal): Promise<number> {
    while (this.#inDoubt.length > 0 && !signal.aborted) await this.#send(this.#inDoubt.splice(0, LARGEST_BATCH), 'json')
    return this.#inDoubt.length
  }

  /** Those in doubt first, the oldest of them before; then new ones, and a few that are acknowledged. */
  #choose(size: number): InDoubt[] {
    const since = performance.now()
    const chosen = this.#inDoubt.splice(0, size)
    while (chosen.length < size) {
      const isAgain = this.#acknowledged.length > 0 && this.#random.below(AGAIN) === 0
      chosen.push({ event: isAgain ? oneOf(this.#acknowledged, this.#random) : this.#next(), since })
    }
    return chosen
  }

  #next(): HonestEvent {
    this.made++
    return this.#source.next().value as HonestEvent
  }

  async #send(chosen: readonly InDoubt[], form: Form): Promise<void> {
    const events = chosen.map(({ event }) => event)
    for (const event of events) if (this.#books.ledger.noteSent(event.payload)) this.#books.plays.noteSent(event)
    const [path, { body, headers }] = requestOf('', events, form)
    const call = { method: 'POST', path, headers: headers as Record<string, string>, body: body as string | Buffer }
    const reply = await this.#client.ask(call, [form === 'single' ? 202 : 200])
    const receipt = reply && this.#read(reply, events, form)
    const done = new Set(receipt?.acknowledged)
    this.#noteAccepted(receipt?.acceptedIds ?? [], events)
    const failed = chosen.filter(({ event }) => !done.has(event.payload.eventId))
    // The oldest stay in front.
    this.#inDoubt.unshift(...failed.filter(({ event }) => !this.#books.ledger.isAcknowledged(event.payload.eventId)))
    for (const each of chosen) if (done.has(each.event.payload.eventId)) this.#noteAcknowledged(each)
  }

  #read(
    reply: Reply,
    events: readonly HonestEvent[],
    form: Form,
  ): Pick<Receipt, 'acknowledged' | 'acceptedIds'> | undefined {
    try {
      return readReceipt(reply.text, events, form)
    } catch (error) {
      const kind = error instanceof AssertionError ? 'an honest event was refused' : 'an answer can not be read'
      this.#run.findings.add(`${kind} (${form})`, reply.text)
      return undefined
    }
  }

  /** What was acknowledged before is a duplicate; it can't be accepted anew. */
  #noteAccepted(ids: readonly string[], events: readonly HonestEvent[]): void {
    const accepted = new Set(ids)
    for (const { payload } of events) {
      if (accepted.has(payload.eventId) && this.#books.ledger.isAcknowledged(payload.eventId)) {
        this.#run.findings.add('an acknowledged event was accepted again', payload.eventId)
      }
    }
  }

  #noteAcknowledged({ event, since }: InDoubt): void {
    if (!this.#books.ledger.noteAcknowledged(event.payload)) return
    this.#books.plays.noteAcknowledged(event, since)
    this.longestWaitMs = Math.max(this.longestWaitMs, performance.now() - since)
    if (this.#acknowledged.length < KEPT_TO_REPEAT) this.#acknowledged.push(event)
    else this.#acknowledged[this.#random.below(KEPT_TO_REPEAT)] = event
  }
}
