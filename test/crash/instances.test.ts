/** Several instances on one MongoDB count every event once, whichever of them, or the database, dies or sleeps when. */
import assert from 'node:assert/strict'
import { before, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../../dev/replay/random.ts'
import { type MongoServer, startJavaServer } from '../mongo-servers/servers.ts'
import { deliver, type Form, send } from '../support/delivery.ts'
import { assertCountedOnce, type KnownEvent, knownEventsUpTo } from '../support/known-events.ts'
import { describeOnJavaServer } from '../support/on-java-server.ts'
import { runCliWith, ServiceProcess, temporaryFolder } from '../support/service-process.ts'

const INSTANCES = 3
const EVENTS = 50_000
/** Where the database or an instance fails once or twice. */
const FEWER_EVENTS = 20_000
/** So much later, at the most, all instances have what one of them acknowledged. */
const AGREED_MS = 15_000
const KILLS = 5
const SHIFTED_CLOCK = new URL('../../dev/shifted-clock.ts', import.meta.url).href

describeOnJavaServer('several instances', () => {
  let seed = 0
  let allEvents: KnownEvent[] = []
  let events: KnownEvent[] = []
  before(() => {
    seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
    allEvents = knownEventsUpTo(EVENTS, 'shared', seed)
    events = allEvents.slice(0, FEWER_EVENTS)
  })

  it(`count ${EVENTS} events once that each of them is sent, killed at random`, async t => {
    t.diagnostic(`CRASH_SEED=${seed}`)
    const instances = await Instances.start(t)
    const sending = instances.sendToAll(allEvents, seed)
    const random = seededRandom(seed)
    let killed = 0
    const kills = instances.all.map(async instance => {
      for (let kill = 0; kill < KILLS; kill++) {
        await wait(300 + random() * 2_000)
        if (instances.isSending) killed++
        await instance.restart('SIGKILL')
      }
    })
    await Promise.all([sending, ...kills])
    assert.ok(killed > KILLS, 'the kills hit requests')
    await instances.assertAgreed(allEvents)
  })

  it('count events once with the database killed and started in the middle, and say so meanwhile', async t => {
    t.diagnostic(`CRASH_SEED=${seed}`)
    const instances = await Instances.start(t)
    const sending = instances.sendToAll(events, seed)
    const outages = async () => {
      for (const [share, signal] of [
        [0.2, 'SIGKILL'],
        [0.5, 'SIGTERM'],
      ] as const) {
        await instances.untilAcknowledged(share)
        await instances.server.stop(signal)
        assert.ok(instances.isSending, 'the outage hits requests')
        await wait(1_000)
        for (const { url } of instances.all) await assertSaysSo(url, events)
        await instances.server.start()
      }
    }
    await Promise.all([sending, outages()])
    await instances.assertAgreed(events)
  })

  it('count events once with the database silent for a while', async t => {
    const instances = await Instances.start(t)
    const sending = instances.sendToAll(events, seed)
    const silence = async () => {
      await instances.untilAcknowledged(0.3)
      instances.server.pause()
      assert.ok(instances.isSending, 'the silence hits requests')
      await wait(8_000)
      for (const { url } of instances.all) await assertSaysSo(url, events)
      instances.server.resume()
    }
    await Promise.all([sending, silence()])
    await instances.assertAgreed(events)
  })

  it('are ready by themselves where they were started without the database, and answer nothing before', async t => {
    const instances = await Instances.start(t)
    const some = events.slice(0, 1_000)
    const [restarted, other] = instances.all
    await deliver(other!.url, some, 'json')
    await instances.server.stop()
    // What was acknowledged is counted without the database.
    await untilPasses(() => assertCountedOnce(other!.url, some), Date.now() + 5_000)
    await restarted!.restart('SIGKILL')
    for (const path of ['/readyz', `/api/stats/artist/${events[0]!.artist}/kpis`]) {
      assert.equal((await fetch(restarted!.url + path)).status, 503)
    }
    await wait(5_000)
    await instances.server.start()
    await instances.assertAgreed(some)
    assert.equal((await fetch(`${restarted!.url}/readyz`)).status, 200)
  })

  it('count events once with one of them asleep for longer than any lease', async t => {
    const instances = await Instances.start(t)
    const sending = instances.sendToAll(events, seed)
    const sleep = async () => {
      await instances.untilAcknowledged(0.2)
      const [sleeper] = instances.all
      sleeper!.service.pause()
      assert.ok(instances.isSending, 'it falls asleep over requests')
      await wait(16_000)
      sleeper!.service.resume()
    }
    await Promise.all([sending, sleep()])
    await instances.assertAgreed(events)
  })
})

/** Without its database, an instance refuses writes with the time to try again, is not ready, and still answers. */
async function assertSaysSo(url: string, events: readonly KnownEvent[]): Promise<void> {
  const receipt = await send(url, events.slice(0, 1), 'single')
  // One that it knows already needs no database.
  if (receipt.status !== 200) {
    assert.equal(receipt.status, 503)
    assert.ok(Number(receipt.retryAfter) >= 1)
  }
  assert.equal((await fetch(`${url}/readyz`)).status, 503)
  const health = (await (await fetch(`${url}/healthz`)).json()) as { checks: { mongodb?: { status: string } } }
  assert.equal(health.checks.mongodb?.status, 'error')
  assert.equal((await fetch(`${url}/api/stats/artist/${events[0]!.artist}/kpis`)).status, 200)
}

class Instance {
  service: ServiceProcess
  readonly env: NodeJS.ProcessEnv

  constructor(service: ServiceProcess, env: NodeJS.ProcessEnv) {
    this.service = service
    this.env = env
  }

  get url(): string {
    return this.service.url
  }

  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.service.end(signal)
    this.service = await ServiceProcess.start({ dataDir: this.env.DATA_DIR!, port: this.service.port, env: this.env })
  }
}

class Instances {
  readonly server: MongoServer
  readonly all: readonly Instance[]
  #sending = { events: 0, acknowledged: 0, failed: false }

  private constructor(server: MongoServer, all: readonly Instance[]) {
    this.server = server
    this.all = all
  }

  static async start(t: TestContext): Promise<Instances> {
    const server = await startJavaServer({ durable: true })
    t.after(() => server.remove())
    const all = await Promise.all(
      Array.from({ length: INSTANCES }, async (_, i) => {
        // Their clocks are minutes apart.
        const clock = { NODE_OPTIONS: `--import=${SHIFTED_CLOCK}`, CLOCK_SHIFT_MS: String((i - 1) * 180_000) }
        const env = { MONGO_URI: server.uri, DATA_DIR: await temporaryFolder(t), ...clock }
        const instance = new Instance(await ServiceProcess.start({ dataDir: env.DATA_DIR, env }), env)
        t.after(() => instance.service.end('SIGKILL'))
        return instance
      }),
    )
    return new Instances(server, all)
  }

  get isSending(): boolean {
    return this.#sending.acknowledged < this.#sending.events
  }

  /** Resolves when this share of what is sent is acknowledged. @throws AssertionError a client gave up */
  async untilAcknowledged(share: number): Promise<void> {
    while (this.#sending.acknowledged < share * this.#sending.events) {
      assert.ok(!this.#sending.failed, 'a client gave up')
      await wait(5)
    }
  }

  /** Clients that send all events to each instance, each in an order of its own, until all are acknowledged. */
  async sendToAll(events: readonly KnownEvent[], seed: number): Promise<void> {
    const forms: readonly Form[] = ['json', 'gzip', 'ndjson']
    this.#sending = { events: events.length * this.all.length, acknowledged: 0, failed: false }
    const clients = this.all.map(async ({ service: { url } }, i) => {
      const random = seededRandom(seed + i)
      const batches = Array.from({ length: events.length / 500 }, (_, n) => events.slice(n * 500, (n + 1) * 500))
      for (const batch of batches.sort(() => random() - 0.5)) {
        await deliver(url, batch, forms[Math.floor(random() * forms.length)]!)
        this.#sending.acknowledged += batch.length
      }
    })
    try {
      await Promise.all(clients)
    } catch (error) {
      this.#sending.failed = true
      throw error
    }
  }

  /** All instances have the figures of the events, each counted once, and so does the log. */
  async assertAgreed(events: readonly KnownEvent[]): Promise<void> {
    const deadline = Date.now() + AGREED_MS
    for (const { service, env } of this.all) {
      await untilPasses(() => assertCountedOnce(service.url, events), deadline)
      const verified = await runCliWith({ ...env, PORT: String(service.port) }, 'verify')
      assert.equal(verified.code, 0, verified.stdout + verified.stderr)
    }
  }
}

async function untilPasses(check: () => Promise<void>, deadline: number): Promise<void> {
  while (true) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await wait(200)
    }
  }
}
