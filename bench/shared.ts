/**
 * Several instances on one MongoDB: batches over HTTP to one instance, against a loop that inserts the same events with
 * the bare driver; the same to two instances at a time; and the filling of a replica that was lost.
 *
 * On mongo-java-server in memory, or on the server at TEST_MONGO_URI. That server, the instances and the load share this
 * machine: two instances show here what meeting in one log costs, not what a second machine brings.
 */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Db, MongoClient } from 'mongodb'
import { openReader, type StoreLocation } from '../src/opening/open-storage.ts'
import { connect } from '../src/storage/mongo/connection.ts'
import { CHAIN, EventChain } from '../src/storage/mongo/event-chain.ts'
import { leftOut, SERVERS } from '../test/mongo-servers/servers.ts'
import { toEntries } from './entries.ts'
import { GROUP, orderedGroup, type SentEvent, YEAR_MS, YEAR_START } from './generate.ts'
import type { Memory } from './memory.ts'
import { median, perSecond, Report, whole } from './report.ts'
import { Service } from './service.ts'
import type { Sizes } from './sizes.ts'
import { folderBytes, workFolder } from './stores.ts'
import { requestList } from './wrk.ts'

const EVENTS = 100_000
const ROUNDS = 3
/** Before anything is measured: a JVM that has just started has compiled nothing yet. */
const WARM_UP_EVENTS = 20_000
/** To each instance; as many as in `batch`. */
const CONNECTIONS = 4
const PORTS = [5404, 5405]
const POLL_MS = 20
const CATCH_UP_MS = 120_000

type Groups = SentEvent[][]

/** Where the databases of a round are. */
interface Place {
  client: MongoClient
  uri: string
}

/** Seconds. */
interface Ingestion {
  /** Until the last answer. */
  answered: number
  /** Until the figures of every instance contain all events. */
  projected: number
}

interface Instance {
  service: Service
  location: StoreLocation
  /** From its start until it was ready. */
  startSeconds: number
}

interface OneFound extends Ingestion {
  startSeconds: number
  memory: Memory
  logBytes: number
  replicaBytes: number
}

interface TwoFound extends Ingestion {
  fillingSeconds: number
}

interface Round {
  /** Seconds. */
  bare: number
  /** Seconds. */
  bareLog: number
  one: OneFound
  two: TwoFound
}

export async function shared({ large }: Sizes): Promise<Report> {
  // With the other one, which reads whole collections, that is all that would be measured.
  const choice = SERVERS.find(({ scansAll }) => !scansAll)
  if (!choice) throw new Error(leftOut() ?? 'there is no server to measure with')
  const title = `${whole(EVENTS)} events in batches of ${whole(GROUP)} into an empty database of ${choice.name}`
  const report = new Report('shared', `${title}, ${CONNECTIONS} connections to each instance, medians of ${ROUNDS}`)
  const groups = Array.from({ length: EVENTS / GROUP }, (_, group) => orderedGroup(group, { perYear: large }))
  const server = await choice.start()
  const { client } = connect({ uri: server.uri, database: 'unused' })
  try {
    const place = { client, uri: server.uri }
    await measure(place, groups.slice(0, WARM_UP_EVENTS / GROUP))
    const rounds: Round[] = []
    while (rounds.length < ROUNDS) rounds.push(await measure(place, groups))
    tell(report, rounds)
  } finally {
    await client.close()
    await server.remove()
  }
  return report
}

function tell(report: Report, rounds: readonly Round[]): void {
  const middle = (of: (round: Round) => number) => median(rounds.map(of))
  const rate = (of: (round: Round) => number) => EVENTS / middle(of)
  const bare = rate(({ bare }) => bare)
  const bareLog = rate(({ bareLog }) => bareLog)
  const one = rate(({ one }) => one.projected)
  const two = rate(({ two }) => two.projected)
  const answered = { one: rate(({ one }) => one.answered), two: rate(({ two }) => two.answered) }

  report.note('a bare loop of insertMany, an event a document', perSecond(bare, 1))
  const shownOne = showRates(one, bare, answered.one)
  report.judge('rate of one instance, of that of the bare loop', one / bare, { atLeast: 0.3 }, shownOne)
  const shownLog = `${(one / bareLog).toFixed(2)} (of ${perSecond(bareLog, 1)})`
  report.note('the same, of a bare loop that inserts the batches of the log', shownLog)
  const shownTwo = showRates(two, one, answered.two)
  report.note('rate of two instances, half of the events to each, of that of one', shownTwo)

  const filling = middle(({ two }) => two.fillingSeconds)
  const starting = middle(({ one }) => one.startSeconds)
  const shownFilling = `${filling.toFixed(1)} s, ${perSecond(EVENTS, filling)}; without events ${starting.toFixed(1)} s`
  report.note('filling a lost replica, from the start until ready', shownFilling)

  report.note('bytes per event in MongoDB, uncompressed', whole(middle(({ one }) => one.logBytes) / EVENTS))
  report.note('bytes per event in a replica', whole(middle(({ one }) => one.replicaBytes) / EVENTS))
  const residentMb = middle(({ one }) => one.memory.residentMb)
  const peakMb = middle(({ one }) => one.memory.peakMb)
  report.note('resident memory of an instance, ingested', `${whole(residentMb)} MB (${whole(peakMb)} MB at most)`)
}

const showRates = (rate: number, of: number, answered: number): string =>
  `${(rate / of).toFixed(2)} (${perSecond(rate, 1)} of ${perSecond(of, 1)}; answered at ${perSecond(answered, 1)})`

/** Everything in turns, so that whatever else the machine does meets all of it. */
async function measure(place: Place, groups: Groups): Promise<Round> {
  return {
    bare: await inDatabase(place, 'bare', db => insertAll(db, groups)),
    bareLog: await inDatabase(place, 'log', db => insertLog(db, groups)),
    one: await inDatabase(place, 'one', db => measureOne(place, db, groups)),
    two: await inDatabase(place, 'two', db => measureTwo(place, db, groups)),
  }
}

async function measureOne({ uri }: Place, db: Db, groups: Groups): Promise<OneFound> {
  return withInstances(1, uri, db, async ([instance]) => {
    const { service, location, startSeconds } = instance!
    const ingestion = await sendAll([instance!], groups)
    const memory = service.memory()
    const { size: logBytes } = (await db.command({ collStats: CHAIN })) as { size: number }
    // What is still in the write-ahead log gets into the tables.
    await service.stop()
    return {
      ...ingestion,
      startSeconds,
      memory,
      logBytes,
      replicaBytes: folderBytes(join(location.dataDir, 'replica')),
    }
  })
}

async function measureTwo({ uri }: Place, db: Db, groups: Groups): Promise<TwoFound> {
  const ingestion = await withInstances(2, uri, db, instances => sendAll(instances, groups))
  return withInstances(1, uri, db, async ([instance]) => {
    const { startSeconds, location } = instance!
    const filled = await takenIn(location)
    if (filled !== groups.length * GROUP) throw new Error(`ready with ${filled} events only`)
    return { ...ingestion, fillingSeconds: startSeconds }
  })
}

/** An empty database that is dropped afterwards: the server keeps everything in memory. */
async function inDatabase<T>({ client }: Place, suffix: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = client.db(`bench_${process.pid}_${suffix}`)
  try {
    return await work(db)
  } finally {
    await db.dropDatabase()
  }
}

/** Instances with nothing in their data directories, while `work` goes on. */
async function withInstances<T>(
  count: number,
  uri: string,
  db: Db,
  work: (instances: Instance[]) => Promise<T>,
): Promise<T> {
  const instances: Instance[] = []
  try {
    for (const port of PORTS.slice(0, count)) instances.push(await startInstance(port, uri, db))
    const found = await work(instances)
    for (const { service } of instances) await service.stop()
    return found
  } finally {
    for (const { service } of instances) service.kill()
  }
}

async function startInstance(port: number, uri: string, { databaseName }: Db): Promise<Instance> {
  const dataDir = workFolder(`shared-${port}`)
  const begun = performance.now()
  // Each question whether it is ready would be one more line of warnings.
  const env = { MONGO_URI: uri, DB_NAME: databaseName, LOG_LEVEL: 'error' }
  const service = await Service.start(port, { dataDir, now: YEAR_START + 2 * YEAR_MS, env })
  const startSeconds = (performance.now() - begun) / 1000
  return { service, location: { dataDir, mongo: { uri, database: databaseName } }, startSeconds }
}

/** As many seconds as the inserts alone took: the documents are made before. */
async function insertAll(db: Db, groups: Groups): Promise<number> {
  const collection = db.collection<{ _id: string }>('events')
  const batches = groups.map(events =>
    events.map(({ eventId, timestamp, ...rest }) => ({ _id: eventId, timestamp: new Date(timestamp), ...rest })),
  )
  const begun = performance.now()
  for (const documents of batches) await collection.insertMany(documents)
  return (performance.now() - begun) / 1000
}

/** The same for batches as the service's log has them: what the server takes for them without the service. */
async function insertLog(db: Db, groups: Groups): Promise<number> {
  const chain = new EventChain(db)
  const batches = groups.map(toEntries)
  const begun = performance.now()
  for (const [i, entries] of batches.entries()) await chain.insert(i * GROUP, entries)
  return (performance.now() - begun) / 1000
}

/** To all instances at the same time, to each its share. */
async function sendAll(instances: readonly Instance[], groups: Groups): Promise<Ingestion> {
  const share = groups.length / instances.length
  const loads = await Promise.all(
    instances.map(async ({ service, location }, i) => {
      const lines = groups.slice(i * share, (i + 1) * share).map(events => JSON.stringify(events))
      const url = `${service.url}/api/stats/events/batch`
      return requestList(url, 'POST', { file: join(location.dataDir, 'batches'), lines }, CONNECTIONS)
    }),
  )
  const accepted = loads.reduce((sum, load) => sum + load.accepted, 0)
  if (accepted !== groups.length * GROUP) throw new Error(`only ${accepted} events were accepted`)
  const projected = await Promise.all(instances.map(instance => caughtUp(instance, accepted)))
  const begun = Math.min(...loads.map(load => load.begun))
  return {
    answered: Math.max(...loads.map(load => load.begun / 1000 + load.seconds)) - begun / 1000,
    projected: (Math.max(...projected) - begun) / 1000,
  }
}

/** An instance knows of no lag behind events that it has yet to take in; so the number of those in its figures counts. */
async function caughtUp({ service, location }: Instance, events: number): Promise<number> {
  for (const begun = Date.now(); Date.now() - begun < CATCH_UP_MS; await wait(POLL_MS)) {
    if ((await takenIn(location)) === events) return service.caughtUp()
  }
  throw new Error('an instance has not taken in everything')
}

/** How many events the replica has. Nothing stays open: the replica is tidied up when its last user goes. */
async function takenIn(location: StoreLocation): Promise<number> {
  const replica = openReader(location)
  try {
    return await replica.lastSeq()
  } finally {
    await replica.close()
  }
}
