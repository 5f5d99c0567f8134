/**
 * What honest clients have sent and what was acknowledged to them, in five bytes an event, and the comparison of that with
 * the log.
 */
import { crc32 } from 'node:zlib'
import { Counter } from './counter.ts'

/** Ids of honest events begin with it, and are `soak-<client>-<number>`. */
export const HONEST = 'soak-'
/** Ids of the events of attacks begin with it; these may be in the log or not, but only once. */
export const HOSTILE = 'attack-'

/** How many examples a comparison names. */
const EXAMPLES = 5

/** What the ledger knows of an event, as it was sent and as the log has it. */
export interface LedgerEvent {
  eventId: string
  eventType: string
  /** Anything that `Date.parse` understands. */
  timestamp: string
  entityId: string
  userId?: string | null
}

export interface Discrepancy {
  count: number
  /** The ids of the first ones. */
  examples: string[]
}

export interface LedgerComparison {
  /** Events in the log, and those of them that attacks sent. */
  events: number
  hostile: number
  /** Acknowledged, and not in the log. */
  lost: Discrepancy
  /** More than once in the log. */
  doubled: Discrepancy
  /** In the log, and sent by nobody. */
  foreign: Discrepancy
  /** In the log with another content than was sent. */
  changed: Discrepancy
  /** Of acknowledged events, by type: what clients were told, and what the log has. */
  acknowledgedByType: Counter
  loggedByType: Counter
}

const SENT = 1
const ACKNOWLEDGED = 2
const LOGGED = 4

export class Ledger {
  readonly #pages = new Map<number, Page>()
  readonly #acknowledgedByType = new Counter()
  sent = 0

  get acknowledged(): number {
    return this.#acknowledgedByType.total
  }

  /**
   * Whether it is news. To be called before the event goes out: nobody knows whether a request that fails has arrived.
   */
  noteSent(event: LedgerEvent): boolean {
    const place = placeOf(event.eventId)
    if (!place) throw new Error(`${event.eventId} is no id of an honest event`)
    const page = this.#pages.getOrInsertComputed(place.client, () => new Page())
    if (page.state(place.number) !== 0) return false
    this.sent++
    page.write(place.number, SENT, fingerprint(event))
    return true
  }

  /** Whether it is news. */
  noteAcknowledged(event: LedgerEvent): boolean {
    const place = placeOf(event.eventId)
    const page = place && this.#pages.get(place.client)
    if (!page || page.state(place.number) === 0) throw new Error(`${event.eventId} was acknowledged and never sent`)
    if (page.state(place.number) & ACKNOWLEDGED) return false
    page.add(place.number, ACKNOWLEDGED)
    this.#acknowledgedByType.add(event.eventType)
    return true
  }

  isAcknowledged(eventId: string): boolean {
    const place = placeOf(eventId)
    return place !== undefined && ((this.#pages.get(place.client)?.state(place.number) ?? 0) & ACKNOWLEDGED) !== 0
  }

  /** Compares all that was noted with all events of the log. To be called once. */
  async compare(log: AsyncIterable<LedgerEvent> | Iterable<LedgerEvent>): Promise<LedgerComparison> {
    const comparison = newComparison(this.#acknowledgedByType)
    const hostile = new Set<string>()
    for await (const event of log) {
      comparison.events++
      if (event.eventId.startsWith(HOSTILE)) {
        if (hostile.has(event.eventId)) note(comparison.doubled, event.eventId)
        hostile.add(event.eventId)
      } else this.#compareHonest(event, comparison)
    }
    comparison.hostile = hostile.size
    for (const [client, page] of this.#pages) {
      for (const number of page.missing()) note(comparison.lost, `${HONEST}${client}-${number}`)
    }
    return comparison
  }

  #compareHonest(event: LedgerEvent, comparison: LedgerComparison): void {
    const place = placeOf(event.eventId)
    const page = place && this.#pages.get(place.client)
    const state = page?.state(place!.number) ?? 0
    if (!page || !place || state === 0) note(comparison.foreign, event.eventId)
    else if (state & LOGGED) note(comparison.doubled, event.eventId)
    else {
      page.add(place.number, LOGGED)
      if (page.fingerprint(place.number) !== fingerprint(event)) note(comparison.changed, event.eventId)
      if (state & ACKNOWLEDGED) comparison.loggedByType.add(event.eventType)
    }
  }
}

/** The events of one client, by their number. */
class Page {
  #states = new Uint8Array(1024)
  #fingerprints = new Uint32Array(1024)

  state(number: number): number {
    return this.#states[number] ?? 0
  }

  fingerprint(number: number): number {
    return this.#fingerprints[number] ?? 0
  }

  write(number: number, state: number, fingerprint: number): void {
    if (number >= this.#states.length) this.#grow(number + 1)
    this.#states[number] = this.#states[number]! | state
    this.#fingerprints[number] = fingerprint
  }

  add(number: number, state: number): void {
    this.#states[number] = this.#states[number]! | state
  }

  /** The numbers of those that were acknowledged and are not in the log. */
  *missing(): Generator<number> {
    for (const [number, state] of this.#states.entries()) if (state & ACKNOWLEDGED && !(state & LOGGED)) yield number
  }

  #grow(length: number): void {
    const capacity = 2 ** Math.ceil(Math.log2(length))
    const states = new Uint8Array(capacity)
    const fingerprints = new Uint32Array(capacity)
    states.set(this.#states)
    fingerprints.set(this.#fingerprints)
    this.#states = states
    this.#fingerprints = fingerprints
  }
}

function placeOf(eventId: string): { client: number; number: number } | undefined {
  const [, client, number] = /^soak-(\d{1,4})-(\d{1,9})$/.exec(eventId) ?? []
  return number === undefined ? undefined : { client: Number(client), number: Number(number) }
}

function fingerprint({ eventType, timestamp, entityId, userId }: LedgerEvent): number {
  return crc32(JSON.stringify([eventType, Date.parse(timestamp), entityId, userId ?? null]))
}

function newComparison(acknowledgedByType: Counter): LedgerComparison {
  const none = (): Discrepancy => ({ count: 0, examples: [] })
  return {
    ...{ events: 0, hostile: 0, lost: none(), doubled: none(), foreign: none(), changed: none() },
    ...{ acknowledgedByType, loggedByType: new Counter() },
  }
}

function note(discrepancy: Discrepancy, id: string): void {
  if (discrepancy.count++ < EXAMPLES) discrepancy.examples.push(id)
}
