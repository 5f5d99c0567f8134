/** A service that is sent what listeners played, and asked for their lists. */
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from '../dev/replay/client.ts'
import type { Payload } from '../dev/replay/payloads.ts'
import { projected, sendAll } from '../dev/replay/send.ts'
import type { PlayedItem } from '../src/recommendations/evaluation/split.ts'
import { percentile } from './questions.ts'
import { Service } from './service.ts'
import { workFolder } from './stores.ts'

const PORT = 5412
const BATCH_EVENTS = 1_000
/** How many lists are asked for at a time. */
const CONNECTIONS = 2
const POLL_MS = 500
const LONGEST_TRAINING_MS = 30 * 60_000

export type PlaysSent = (plays: number) => number

export interface Listener {
  userId: string
  played: readonly PlayedItem[]
}

export class ServedLists {
  /** How many plays were sent, and how long that took. */
  events = 0
  sentSeconds = 0
  readonly #artistIds: readonly string[]
  readonly #playsSent: PlaysSent
  readonly #dataDir: string
  readonly #client: Client
  #service: Service
  readonly #requestMs: number[] = []

  private constructor(artistIds: readonly string[], playsSent: PlaysSent, dataDir: string, service: Service) {
    this.#artistIds = artistIds
    this.#playsSent = playsSent
    this.#dataDir = dataDir
    this.#service = service
    this.#client = new Client(service.url)
  }

  /** An empty service. It trains nothing until `trained` is called, so that one model is trained, from all that was sent. */
  static async start(artistIds: readonly string[], playsSent: PlaysSent): Promise<ServedLists> {
    const dataDir = workFolder('quality')
    const service = await Service.start(PORT, { dataDir, env: { RECOMMENDATION_TRAINING_HOURS: 'off' } })
    return new ServedLists(artistIds, playsSent, dataDir, service)
  }

  /** Resolves when the figures have all of it. */
  async send(listeners: readonly Listener[]): Promise<void> {
    const begun = performance.now()
    const sent = await sendAll(this.#client, this.#plays(listeners), BATCH_EVENTS, () => {})
    if (sent.refused > 0) throw new Error(`${sent.refused} plays were refused: ${sent.examples[0]}`)
    await projected(this.#client)
    this.events += sent.accepted
    this.sentSeconds += (performance.now() - begun) / 1_000
  }

  /** Starts the service anew, and resolves when it has a model of all that was sent; gives the seconds that this took. */
  async trained(): Promise<number> {
    await this.#service.stop()
    const begun = performance.now()
    this.#service = await Service.start(PORT, { dataDir: this.#dataDir, env: { RECOMMENDATION_TRAINING_HOURS: '24' } })
    while (performance.now() - begun < LONGEST_TRAINING_MS) {
      const { seq, training } = (await this.#client.get('/api/recommendations/model')) as {
        seq: number | null
        training: { state: string; error: string | null }
      }
      if (training.state === 'failed') throw new Error(`the training failed: ${training.error}`)
      if (seq === this.events) return (performance.now() - begun) / 1_000
      await wait(POLL_MS)
    }
    throw new Error('no model was trained from all plays')
  }

  /** The artists of each listener's list, by number. */
  async lists(userIds: readonly string[], limit: number): Promise<number[][]> {
    const numberOf = new Map(this.#artistIds.map((id, number) => [id, number]))
    const lists: number[][] = []
    const left = userIds.entries()
    const work = async () => {
      for (const [i, userId] of left) {
        const begun = performance.now()
        const path = `/api/recommendations/user/${userId}?limit=${limit}&type=artist&exploration=off`
        const rows = (await this.#client.get(path)) as { id: string }[]
        this.#requestMs.push(performance.now() - begun)
        lists[i] = rows.map(({ id }) => numberOf.get(id)!)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, work))
    return lists
  }

  /** The median and the 99th percentile of the requests for lists, in milliseconds. */
  latencies(): { p50: number; p99: number } {
    const ascending = this.#requestMs.toSorted((a, b) => a - b)
    return { p50: percentile(ascending, 50), p99: percentile(ascending, 99) }
  }

  stop(): Promise<void> {
    return this.#service.stop()
  }

  kill(): void {
    this.#service.kill()
  }

  *#plays(listeners: readonly Listener[]): Generator<Payload> {
    const timestamp = new Date(Date.now() - 3_600_000).toISOString()
    for (const { userId, played } of listeners) {
      for (const { item, plays } of played) {
        const entityId = this.#artistIds[item]!
        const event = { eventType: 'track.played', timestamp, entityType: 'artist', entityId, userId, metadata: null }
        for (let n = 0; n < this.#playsSent(plays); n++) yield { eventId: `${userId}-${entityId}-${n}`, ...event }
      }
    }
  }
}
