/**
 * Several instances on one event log, in any order of what happens to them: every event that anybody was told of is in
 * the figures of all of them, once.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import { type EventType, fromLogEntry, type IngestedEvent, type Metadata, toLogEntry } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { openFigures } from '../../src/opening/open-figures.ts'
import { openSharedStorage } from '../../src/opening/open-storage.ts'
import { COLLECTIONS } from '../../src/storage/collections.ts'
import type { Figures, Snapshot } from '../../src/storage/figures.ts'
import {
  type AppendOutcome,
  type LogEntry,
  type Seq,
  type SharedStorage,
  type Storage,
  type StoredEntry,
  StoreUnavailable,
} from '../../src/storage/storage.ts'
import { type MongoServer, startJavaServer } from '../mongo-servers/servers.ts'
import { type Fault, MongoProxy } from '../support/mongo-proxy.ts'
import { Naive } from '../support/naive.ts'
import { type NaiveEvent, naiveCredits } from '../support/naive-rules.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { describeOnJavaServer } from '../support/on-java-server.ts'
import { SMALL } from '../support/temp-store.ts'

const IDS = 14
const USERS = 3
const QUARTER_MS = 900_000
const T0 = Date.UTC(2026, 9, 31, 23, 40)

const BODIES: readonly { eventType: EventType; entityType?: string; entityId: string; metadata?: Metadata }[] = [
  { eventType: 'track.played', entityType: 'track', entityId: '1', metadata: { albumId: 'a1', artist: 'Ana' } },
  { eventType: 'track.liked', entityType: 'track', entityId: 'a1_1', metadata: { artistId: '4' } },
  { eventType: 'artist.followed', entityType: 'artist', entityId: '4' },
  { eventType: 'order.paid', entityId: '9', metadata: { albumId: 'a2', price: '9.99' } },
  { eventType: 'track.unliked', entityType: 'track', entityId: 'a1_1', metadata: { artistId: '4' } },
]

/** The event `e<n>`, as it is (`plain`), ingested otherwise on arrival, or another one under its id. */
interface Sent {
  n: number
  form: 'plain' | 'ingested' | 'other'
}

function toEntry({ n, form }: Sent): LogEntry {
  const timestamp = T0 + n * (QUARTER_MS / 2) + (form === 'other' ? 1 : 0)
  const body = BODIES[(form === 'other' ? n + 1 : n) % BODIES.length]!
  const decision = { currency: form === 'ingested' ? 'USD' : 'EUR' }
  return toLogEntry({ event: { eventId: `e${n}`, timestamp, userId: `u${n % USERS}`, ...body }, decision })
}

const sendable = Array.from({ length: IDS }, (_, n) =>
  (['plain', 'ingested', 'other'] as const).map(form => toEntry({ n, form })),
).flat()

const contentOf = ({ timestamp, content }: LogEntry): string => `${timestamp} ${content}`

/** What was said of each event, and so what the log may hold under its id. */
class Said {
  readonly #events = new Map<string, { isThere: boolean; contents: Set<string> }>()

  /** Nobody heard what became of these. */
  unknown(entries: readonly LogEntry[]): void {
    for (const entry of firsts(entries)) {
      const { isThere, contents } = this.#of(entry.id)
      if (!isThere) contents.add(contentOf(entry))
    }
  }

  /** What appends that were under way at the same time answered: in any order. */
  hear(answers: readonly { entries: readonly LogEntry[]; outcomes: readonly AppendOutcome[] }[]): void {
    for (const { entries, outcomes } of answers) assert.equal(outcomes.length, entries.length)
    const said = answers.flatMap(({ entries, outcomes }) =>
      entries.map((entry, i) => ({ entry, outcome: outcomes[i]!, isFirst: firsts(entries).includes(entry) })),
    )
    const ordered = ['accepted', 'duplicate', 'conflict'].flatMap(which => said.filter(s => s.outcome === which))
    for (const { entry, outcome, isFirst } of ordered) {
      const event = this.#of(entry.id)
      const content = contentOf(entry)
      const told = `${entry.id} ${outcome}: ${content}`
      if (outcome === 'accepted') {
        assert.ok(isFirst && !event.isThere, `twice: ${told}`)
        event.contents = new Set([content])
      } else if (outcome === 'duplicate') {
        assert.ok(event.contents.has(content), `of nothing that was sent: ${told}`)
        event.contents = new Set([content])
      } else {
        event.contents.delete(content)
        assert.notEqual(event.contents.size, 0, `with nothing else that was sent: ${told}`)
      }
      event.isThere = true
    }
  }

  check(log: readonly LogEntry[]): void {
    const held = new Map(log.map(entry => [entry.id, contentOf(entry)]))
    assert.equal(held.size, log.length, 'an id is there twice')
    for (const [id, { isThere, contents }] of this.#events) {
      const content = held.get(id)
      assert.ok(content !== undefined || !isThere, `${id} was lost`)
      assert.ok(content === undefined || contents.has(content), `${id} is another event: ${content}`)
    }
    for (const id of held.keys()) assert.ok(this.#events.has(id), `${id} was never sent`)
  }

  #of(id: string): { isThere: boolean; contents: Set<string> } {
    const event = this.#events.get(id) ?? { isThere: false, contents: new Set<string>() }
    this.#events.set(id, event)
    return event
  }
}

/** Of several entries with one id in one call, only the first can be accepted. */
function firsts(entries: readonly LogEntry[]): LogEntry[] {
  return entries.filter((entry, i) => entries.findIndex(({ id }) => id === entry.id) === i)
}

/** An instance from its start to its end. */
interface Run {
  dataDir: string
  proxy: MongoProxy
  storage: SharedStorage
  /** Opened when they are needed first, for many runs end before. */
  figures(): Promise<Figures>
  closeFigures(): Promise<void>
}

type Crash = 'killed' | 'restarted' | 'backed up' | 'emptied'

class Cluster {
  readonly #server: MongoServer
  readonly #tally: Map<string, number>
  readonly #database = `model_${randomUUID()}`
  readonly #folder: string
  readonly #runs: Run[] = []
  readonly #backups: (string | undefined)[] = []
  readonly #proxies: MongoProxy[] = []
  #folders = 0
  /** Processes that died in the middle of an append: in truth, it gives up later. */
  readonly #dying: Promise<void>[] = []

  /** `tally`: how often what happened. */
  static async open(server: MongoServer, size: number, tally = new Map<string, number>()): Promise<Cluster> {
    const cluster = new Cluster(server, tally, await mkdtemp(join(tmpdir(), 'undersounds-model-')))
    for (let i = 0; i < size; i++) cluster.#runs.push(await cluster.#start(cluster.#newFolder()))
    return cluster
  }

  private constructor(server: MongoServer, tally: Map<string, number>, folder: string) {
    this.#server = server
    this.#tally = tally
    this.#folder = folder
  }

  happened(what: string): void {
    this.#tally.set(what, (this.#tally.get(what) ?? 0) + 1)
  }

  get size(): number {
    return this.#runs.length
  }

  run(i: number): Run {
    return this.#runs[i % this.#runs.length]!
  }

  async project(i: number): Promise<void> {
    const run = this.run(i)
    await catchUp(run.storage, await run.figures(), noneSetAside)
  }

  async deliver(): Promise<void> {
    for (const proxy of this.#proxies) await proxy.deliver()
  }

  async backUp(i: number): Promise<void> {
    const backup = this.#newFolder()
    await cp(this.run(i).dataDir, backup, { recursive: true })
    this.#backups[i % this.size] = backup
  }

  /** The end of one run and the start of the next; nothing is under way. */
  async crash(i: number, how: Crash): Promise<void> {
    const run = this.run(i)
    const { dataDir, proxy } = run
    if (how === 'restarted') await closeRun(run)
    const next = await this.#nextFolder(i, how)
    // The copy has been made: what closing it writes is not in it.
    if (how !== 'restarted') await closeRun(run)
    if (next !== dataDir) await rm(dataDir, { recursive: true })
    proxy.away()
    this.#runs[i % this.size] = await this.#start(next)
  }

  /** A crash when this append has come as far as `fault`; what it answered if it never did. */
  async crashWhile(i: number, how: Crash, entries: LogEntry[], fault: Fault): Promise<AppendOutcome[] | undefined> {
    const run = this.run(i)
    const { proxy, storage } = run
    const hit = proxy.next(fault, { thenAway: true })
    const append = storage.append(entries)
    const outcomes = await Promise.race([append, hit.then(() => undefined)])
    if (outcomes) {
      await this.crash(i, how)
      return outcomes
    }
    this.happened(`${fault} and gone`)
    const next = await this.#nextFolder(i, how === 'restarted' ? 'killed' : how)
    this.#dying.push(
      assert
        .rejects(append, StoreUnavailable)
        .finally(() => closeRun(run))
        .then(() => {}),
    )
    this.#dying.at(-1)?.catch(() => {})
    this.#runs[i % this.size] = await this.#start(next)
    return undefined
  }

  /** Brings everything everywhere; gives the log and the figures, equal on all. */
  async settle(): Promise<Settled> {
    await this.deliver()
    for (let i = 0; i < this.size; i++) {
      while (await this.run(i).storage.pull()) {}
      await this.project(i)
    }
    const [first, ...others] = await Promise.all(
      this.#runs.map(async ({ storage, figures }) => ({
        log: await logOf(storage),
        counted: await (await figures()).ask(countedBy),
      })),
    )
    for (const { log, counted } of others) {
      assert.deepEqual(log, first!.log, 'the logs differ')
      assert.deepEqual(counted, first!.counted, 'the figures differ')
    }
    return first!
  }

  /** What takes long goes on; it is removed with the promise that this gives. */
  async close(): Promise<{ removed: Promise<void> }> {
    await Promise.all(this.#runs.map(closeRun))
    return { removed: this.#remove() }
  }

  async #remove(): Promise<void> {
    const died = await Promise.allSettled(this.#dying)
    for (const proxy of this.#proxies) await proxy.close()
    await rm(this.#folder, { recursive: true })
    for (const result of died) if (result.status === 'rejected') throw result.reason
  }

  async #nextFolder(i: number, how: Crash): Promise<string> {
    const { dataDir } = this.run(i)
    if (how === 'restarted') return dataDir
    const next = this.#newFolder()
    const backup = this.#backups[i % this.size]
    if (how === 'emptied' || (how === 'backed up' && !backup)) return next
    await cp(how === 'backed up' ? backup! : dataDir, next, { recursive: true })
    return next
  }

  #newFolder(): string {
    return join(this.#folder, `${this.#folders++}`)
  }

  async #start(dataDir: string): Promise<Run> {
    const replica = join(dataDir, 'replica')
    const log = join(replica, 'undersounds-stats.db-wal')
    // Where it is missing, the store lays it out in full: 32 MiB for each of the many starts and copies.
    await mkdir(replica, { recursive: true })
    if (!existsSync(log)) await writeFile(log, '')
    const proxy = await MongoProxy.open(this.#server.port)
    this.#proxies.push(proxy)
    const location = { dataDir, mongo: { uri: proxy.uri, database: this.#database } }
    const storage = await openSharedStorage(location, COLLECTIONS)
    let opened: Promise<Figures> | undefined
    const figures = () => {
      opened ??= openFigures(location, SMALL, storage)
      return opened
    }
    return { dataDir, proxy, storage, figures, closeFigures: async () => (await opened)?.close() }
  }
}

async function closeRun({ storage, closeFigures }: Run): Promise<void> {
  await closeFigures()
  await storage.close()
}

async function logOf(storage: Storage): Promise<StoredEntry[]> {
  const log = await storage.readLog(0, 10_000)
  assert.deepEqual(
    log.map(({ seq }) => seq),
    log.map((_, i) => i + 1),
  )
  return log
}

/** The log, and what it adds to the figures. */
interface Settled {
  log: StoredEntry[]
  counted: Counted
}

/** Everything that figures contain, by what entities are called, each list in order. */
interface Counted {
  facts: string[]
  associations: string[]
  owners: string[]
}

type FactRow = Record<'key' | 'track' | 'album' | 'listener', number | null> & Record<string, unknown>

async function countedBy(reads: Snapshot): Promise<Counted> {
  const facts = await reads.rows<FactRow>('FROM facts')
  const pairs = await reads.rows<{ source: number; target: number; events: number }>(
    'SELECT source, target, sum(events)::BIGINT AS events FROM associations GROUP BY source, target',
  )
  const owners = await reads.rows<{ key: number; owner: number }>('FROM attribution')
  const texts = new Map((await reads.rows<{ id: number; text: string }>(ENTITIES)).map(({ id, text }) => [id, text]))
  const textOf = (id: number | null) => (id === null ? undefined : texts.get(id))
  const listeners = new Map(users.map(user => [reads.listenerIdOf(user), user]))
  return {
    facts: facts
      .map(({ key, track, album, listener, ...others }) => ({
        ...others,
        ...{ key: textOf(key), track: textOf(track), album: textOf(album) },
        listener: listener === null ? undefined : listeners.get(listener),
      }))
      .map(written)
      .sort(),
    associations: pairs
      .map(({ source, target, events }) => written({ from: textOf(source), to: textOf(target), events }))
      .sort(),
    owners: owners.map(({ key, owner }) => written({ key: textOf(key), owner: textOf(owner) })).sort(),
  }
}

const users = Array.from({ length: USERS }, (_, i) => `u${i}`)

const ENTITIES = `SELECT id, CASE kind WHEN 'none' THEN 'none' ELSE kind::VARCHAR || ':' || text END AS text FROM names`

/** A row as one text, whatever the order of its columns, and whether those that are empty are there. */
function written(row: Record<string, unknown>): string {
  const columns = Object.entries(row).filter(([, value]) => value !== null && value !== undefined)
  return JSON.stringify(columns.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The same, by reading one event after the other, each as it was sent. */
function naivelyCounted(log: readonly StoredEntry[]): Counted {
  const events = log.map(({ seq, ...entry }) => asSent(seq, entry))
  const credited = events.map(naiveCredits)
  const naive = new Naive(events)
  const pairs = new Map<string, { from: string; to: string; events: number }>()
  for (const { from, to } of credited.flatMap(({ associations }) => associations)) {
    const pair = pairs.getOrInsertComputed(`${from} | ${to}`, () => ({ from, to, events: 0 }))
    pair.events++
  }
  const keys = new Set(
    credited.flatMap(({ credits, associations }) => [
      ...credits.map(({ key }) => key),
      ...associations.map(({ from }) => from).filter(from => /^(album|name):/.test(from)),
    ]),
  )
  return {
    facts: log.flatMap(({ seq }, i) => naiveFacts(seq, credited[i]!)).sort(),
    associations: [...pairs.values()].map(written).sort(),
    owners: [...keys]
      .map(key => ({ key, owner: naive.owner(key) }))
      .filter(({ key, owner }) => key !== owner)
      .map(written)
      .sort(),
  }
}

function asSent(seq: Seq, entry: LogEntry): IngestedEvent {
  const sent = sendable.find(
    one => one.id === entry.id && contentOf(one) === contentOf(entry) && one.decision === entry.decision,
  )
  assert.deepEqual(entry, sent)
  return fromLogEntry({ seq, ...sent! })
}

function naiveFacts(seq: Seq, { at, counted, credits, listener, track }: NaiveEvent): string[] {
  if (!counted) return []
  return credits.map(({ key, measure, by, part, album, revenue }) =>
    written({
      ...{ seq, instant: at, measure, counts: by, key, part, listener },
      track: track !== undefined && measure !== 'purchases' ? track : undefined,
      album,
      amount: revenue?.minor,
      currency: revenue?.currency,
    }),
  )
}

type Command = fc.AsyncCommand<Said, Cluster>

function command(what: string, run: (said: Said, cluster: Cluster) => Promise<void>): Command {
  return {
    check: () => true,
    async run(said, cluster) {
      cluster.happened(what.split(' ', 1)[0]!)
      await run(said, cluster)
    },
    toString: () => what,
  }
}

const instance = fc.nat({ max: 2 })
const entries = fc.array(
  fc.record({
    n: fc.nat({ max: IDS - 1 }),
    form: fc.constantFrom(...(['plain', 'plain', 'plain', 'ingested', 'other'] as const)),
  }),
  { minLength: 1, maxLength: 5 },
)
const faults = fc.constantFrom<Fault>('lose', 'loseAnswer', 'delay')
const appends = fc.record({ i: instance, sent: entries, fault: fc.option(faults, { freq: 2 }) })

/** One alone, or several at the same time; and something else happens meanwhile. */
const append = fc
  .record({
    calls: fc.oneof(
      fc.array(appends, { minLength: 1, maxLength: 1 }),
      fc.array(appends, { minLength: 2, maxLength: 4 }),
    ),
    meanwhile: fc.option(fc.record({ i: instance, what: fc.constantFrom('pull', 'project', 'deliver') }), { freq: 2 }),
  })
  .map(({ calls, meanwhile }) =>
    command(`append ${JSON.stringify({ calls, meanwhile })}`, async (said, cluster) => {
      const answers = calls.map(async ({ i, sent, fault }) => {
        const { proxy, storage } = cluster.run(i)
        if (fault) void proxy.next(fault).then(() => cluster.happened(fault))
        const entries = sent.map(toEntry)
        return { entries, outcomes: await storage.append(entries) }
      })
      let isUnderWay = true
      const heard = Promise.all(answers).finally(() => {
        isUnderWay = false
      })
      const pullAgainAndAgain = async (i: number) => {
        while (isUnderWay) await cluster.run(i).storage.pull()
      }
      const doMeanwhile = async () => {
        if (meanwhile?.what === 'pull') await Promise.all([0, 1, 2].map(pullAgainAndAgain))
        if (meanwhile?.what === 'project') await cluster.project(meanwhile.i)
        if (meanwhile?.what === 'deliver') await cluster.deliver()
      }
      const [answered] = await Promise.all([heard, doMeanwhile()])
      said.hear(answered)
    }),
  )

const pull = instance.map(i => command(`pull ${i}`, async (_, cluster) => void (await cluster.run(i).storage.pull())))
const project = instance.map(i => command(`project ${i}`, (_, cluster) => cluster.project(i)))
const backUp = instance.map(i => command(`backup ${i}`, (_, cluster) => cluster.backUp(i)))
const deliver = fc.constant(command('deliver', (_, cluster) => cluster.deliver()))

const ways = fc.constantFrom<Crash>('killed', 'restarted', 'backed up', 'backed up', 'emptied')
const crash = fc
  .record({ i: instance, how: ways })
  .map(({ i, how }) => command(`crash ${JSON.stringify({ i, how })}`, (_, cluster) => cluster.crash(i, how)))
const crashWhile = fc.record({ i: instance, how: ways, sent: entries, fault: faults }).map(({ i, how, sent, fault }) =>
  command(`crash-while ${JSON.stringify({ i, how, sent, fault })}`, async (said, cluster) => {
    const entries = sent.map(toEntry)
    const outcomes = await cluster.crashWhile(i, how, entries, fault)
    if (outcomes) said.hear([{ entries, outcomes }])
    else said.unknown(entries)
  }),
)

const commands = fc.commands([append, append, append, pull, project, backUp, deliver, crash, crashWhile], {
  maxCommands: 24,
  size: 'max',
})

/** Brings everything everywhere, and compares it with what was said; how many events there are. */
async function settles(said: Said, cluster: Cluster): Promise<number> {
  const { log, counted } = await cluster.settle()
  said.check(log)
  assert.deepEqual(counted, naivelyCounted(log))
  return log.length
}

/** An instance gives up on an append; it is sent again when MongoDB is back. */
const GIVEN_UP: readonly {
  name: string
  fault: Fault
  delivered?: true
  otherFirst?: Sent
  again: AppendOutcome[]
}[] = [
  { name: 'it never arrived', fault: 'lose', again: ['accepted', 'accepted'] },
  { name: 'only its answer was lost', fault: 'loseAnswer', again: ['duplicate', 'duplicate'] },
  { name: 'it arrives before it is sent again', fault: 'delay', delivered: true, again: ['duplicate', 'duplicate'] },
  { name: 'it arrives after it was sent again', fault: 'delay', again: ['accepted', 'accepted'] },
  {
    name: 'another instance had one of its events meanwhile',
    fault: 'delay',
    otherFirst: { n: 1, form: 'plain' },
    again: ['accepted', 'duplicate'],
  },
  {
    name: 'another instance had another event under one of its ids meanwhile',
    fault: 'delay',
    otherFirst: { n: 1, form: 'other' },
    again: ['accepted', 'conflict'],
  },
]

describeOnJavaServer('shared log', { concurrency: true }, () => {
  let server: MongoServer
  const removals: Promise<void>[] = []

  before(async () => {
    server = await startJavaServer()
  })
  after(async () => {
    await Promise.all(removals)
    await server.remove()
  })

  async function holds(t: TestContext, size: number, numRuns: number): Promise<void> {
    let events = 0
    const tally = new Map<string, number>()
    const property = fc.asyncProperty(commands, async commands => {
      const cluster = await Cluster.open(server, size, tally)
      try {
        const said = new Said()
        await fc.asyncModelRun(() => ({ model: said, real: cluster }), commands)
        events += await settles(said, cluster)
      } finally {
        const { removed } = await cluster.close()
        removals.push(removed)
      }
    })
    await fc.assert(property, { numRuns, interruptAfterTimeLimit: 30_000 })
    t.diagnostic(`${events} events; ${[...tally].map(([what, count]) => `${what}: ${count}`).join(', ')}`)
  }

  it('counts what was acknowledged once on each of two instances, whatever happens', t => holds(t, 2, 20))

  it('counts what was acknowledged once on each of three instances, whatever happens', t => holds(t, 3, 20))

  for (const { name, fault, delivered, otherFirst, again } of GIVEN_UP) {
    it(`counts what is sent again after a failure once: ${name}`, async () => {
      const cluster = await Cluster.open(server, 2)
      try {
        const said = new Said()
        const { proxy, storage } = cluster.run(0)
        const entries = [0, 1].map(n => toEntry({ n, form: 'plain' }))
        void proxy.next(fault, { thenAway: true })
        await assert.rejects(storage.append(entries), StoreUnavailable)
        said.unknown(entries)
        proxy.back()
        if (delivered) await cluster.deliver()
        if (otherFirst) {
          const others = [toEntry(otherFirst)]
          said.hear([{ entries: others, outcomes: await cluster.run(1).storage.append(others) }])
        }
        const outcomes = await storage.append(entries)
        assert.deepEqual(outcomes, again)
        said.hear([{ entries, outcomes }])
        await settles(said, cluster)
      } finally {
        const { removed } = await cluster.close()
        removals.push(removed)
      }
    })
  }
})
