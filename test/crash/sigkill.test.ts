/** Killed at any moment, the service loses nothing that it acknowledged, and counts nothing twice. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../../dev/replay/random.ts'
import { type Form, send } from '../support/delivery.ts'
import { until } from '../support/http.ts'
import { assertCountedOnce, type KnownEvent, knownEvents } from '../support/known-events.ts'
import { runCli, ServiceProcess, temporaryFolder } from '../support/service-process.ts'

const MOST_KILLS = Number(process.env.SIGKILLS ?? 30)
/** On a busy machine there are fewer of them. */
const KILLING_MS = 75_000
const FEWEST_KILLS = 4
const CLIENTS = 4
const FORMS: readonly Form[] = ['json', 'json', 'gzip', 'ndjson', 'single']
/** Most batches are much smaller. */
const LARGEST_BATCH = 5_000
/** Of one client; with more of them it makes no new ones. */
const MAX_IN_DOUBT = 2 * LARGEST_BATCH
/** Altogether enough for the figures to be sorted and checkpointed again and again. */
const EVENTS_FOR_A_KILL = 5_000
const SHORTEST_LIFE_MS = 30
/** Long enough for what has arrived to be sorted. */
const LONGEST_LIFE_MS = 1_500
/** For what the clients do. */
const PATIENCE_MS = 60_000

test(`counts every acknowledged event once after up to ${MOST_KILLS} kills`, async (t: TestContext) => {
  const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`CRASH_SEED=${seed}`)
  const dataDir = await temporaryFolder(t)
  let service = await ServiceProcess.start({ dataDir })
  t.after(() => service.end('SIGKILL'))
  const clients = Array.from({ length: CLIENTS }, (_, i) => new Client(service.url, `c${i}`, seed + i))
  t.after(() => {
    for (const client of clients) client.stop()
  })
  const work = Promise.all(clients.map(client => client.work()))
  work.catch(() => {})

  const random = seededRandom(seed)
  const acknowledged = () => clients.reduce((sum, client) => sum + client.acknowledgements, 0)
  // A client that fails tells why.
  const progress = (condition: () => boolean) => Promise.race([until(condition, PATIENCE_MS), work])
  const begun = performance.now()
  let kills = 0
  for (; kills < MOST_KILLS && (kills < FEWEST_KILLS || performance.now() - begun < KILLING_MS); kills++) {
    const before = acknowledged()
    await wait(SHORTEST_LIFE_MS + random() ** 2 * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS))
    // Every other life ends as early as it comes, the others not before something is acknowledged.
    if (kills % 2 === 0) await progress(() => acknowledged() > before)
    await progress(() => clients.some(({ isSending }) => isSending))
    await service.end('SIGKILL')
    service = await ServiceProcess.start({ dataDir, port: service.port })
  }
  await progress(() => acknowledged() > kills * EVENTS_FOR_A_KILL)
  for (const client of clients) client.finish()
  await work

  const events = clients.flatMap(client => client.events)
  const unsure = clients.reduce((sum, client) => sum + client.brokenRequests, 0)
  t.diagnostic(`${kills} kills, ${events.length} events, ${unsure} requests broke`)
  assert.ok(unsure > 0, 'the kills hit requests')
  await service.projected()
  await assertCountedOnce(service.url, events)

  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
  const verified = await runCli(dataDir, 'verify')
  assert.equal(verified.code, 0, verified.stderr)
  const rebuilt = await runCli(dataDir, 'rebuild')
  assert.match(rebuilt.stdout, new RegExp(`rebuilt from ${events.length} events`))
  service = await ServiceProcess.start({ dataDir })
  await assertCountedOnce(service.url, events)
})

/** Sends new events mixed with ones that were acknowledged or are in doubt, until told to finish what is in doubt. */
class Client {
  events: KnownEvent[] = []
  brokenRequests = 0
  isSending = false
  #url: string
  #random: () => number
  #source: Generator<KnownEvent>
  #acknowledged: KnownEvent[] = []
  #acknowledgedIds = new Set<string>()
  #inDoubt: KnownEvent[] = []
  #finishing = false
  #stopped = false

  constructor(url: string, prefix: string, seed: number) {
    this.#url = url
    this.#random = seededRandom(seed)
    this.#source = knownEvents(prefix, seed)
  }

  /** How many events are acknowledged. */
  get acknowledgements(): number {
    return this.#acknowledged.length
  }

  finish(): void {
    this.#finishing = true
  }

  /** Gives up, as a failed test does. */
  stop(): void {
    this.#stopped = true
  }

  async work(): Promise<void> {
    while (!this.#stopped && (!this.#finishing || this.#inDoubt.length > 0)) await this.#sendSome()
  }

  async #sendSome(): Promise<void> {
    const form = FORMS[Math.floor(this.#random() * FORMS.length)]!
    const size = form === 'single' ? 1 : 1 + Math.floor(this.#random() ** 3 * LARGEST_BATCH)
    const events = this.#choose(size)
    this.isSending = true
    const receipt = await send(this.#url, events, form)
    this.isSending = false
    if (receipt.broken) this.brokenRequests++
    for (const id of receipt.acceptedIds) assert.ok(!this.#acknowledgedIds.has(id), `${id} was accepted twice`)
    const done = new Set(receipt.acknowledged)
    for (const event of events) this.#note(event, done.has(event.payload.eventId))
    if (receipt.acknowledged.length === 0) await wait(10)
  }

  /** Mostly new ones; a few again that are acknowledged, and what is in doubt. */
  #choose(size: number): KnownEvent[] {
    const events = this.#inDoubt.splice(0, Math.ceil(size * this.#random()))
    while (events.length < size && !this.#finishing && this.#inDoubt.length < MAX_IN_DOUBT) {
      const again = this.#acknowledged[Math.floor(this.#random() * this.#acknowledged.length * 10)]
      events.push(again ?? this.#next())
    }
    return events.length > 0 ? events : this.#inDoubt.splice(0, size)
  }

  #next(): KnownEvent {
    const event = this.#source.next().value as KnownEvent
    this.events.push(event)
    return event
  }

  #note(event: KnownEvent, isAcknowledged: boolean): void {
    const { eventId } = event.payload
    if (this.#acknowledgedIds.has(eventId)) return
    if (!isAcknowledged) {
      this.#inDoubt.push(event)
      return
    }
    this.#acknowledgedIds.add(eventId)
    this.#acknowledged.push(event)
  }
}
