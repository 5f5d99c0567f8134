/**
 * Batches over HTTP, deduplicated, logged, counted and durable, against a loop in one process that inserts the same
 * rows into a plain table; at two sizes of both. And a back-fill in no order.
 */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { toEntries } from './entries.ts'
import { GROUP, orderedGroup, type SentEvent, shuffledGroup, YEAR_MS, YEAR_START } from './generate.ts'
import { PlainTable } from './plain-table.ts'
import { perSecond, Report, whole } from './report.ts'
import { Service } from './service.ts'
import type { Sizes } from './sizes.ts'
import { type Filling, figuresBytes, filledStore, filledTable, folderBytes, plainFile, workFolder } from './stores.ts'
import { requestList } from './wrk.ts'

const PORT = 5404
const CONNECTIONS = 4
const ROUNDS = 2
const MOST_GROUPS_A_ROUND = 300
const IDLE_S = 10
const DAY_MS = 86_400_000

/** Events a second. */
interface Rates {
  /** Until the last answer. */
  answered: number
  /** Until the figures contain them. */
  projected: number
  /** Of the plain table. */
  plain: number
  peakMb: number
}

interface Measured {
  filling: Filling
  dataDir: string
  /** The events of a group after those stored. */
  makeGroup: (group: number) => SentEvent[]
}

export async function batch({ small, large }: Sizes): Promise<Report> {
  const report = new Report('batch', `batches of ${whole(GROUP)} over HTTP, ${CONNECTIONS} connections`)
  const atSmall = await measureOrdered(report, { perYear: large, stored: small }, 1)
  await measureShuffled(report, { perYear: large, stored: small }, atSmall)
  const atLarge = await measureOrdered(report, { perYear: large, stored: large }, 1.5)
  const kept = atLarge.projected / atSmall.projected
  report.judge(`rate at ${whole(large)}, of that at ${whole(small)}`, kept, { atLeast: 0.75 }, kept.toFixed(2))
  const peakMb = Math.max(atSmall.peakMb, atLarge.peakMb)
  report.judge('resident memory at most during ingestion, MB', peakMb, { atMost: 420 }, `${whole(peakMb)} MB`)
  return report
}

async function measureOrdered(report: Report, filling: Filling, bar: number): Promise<Rates> {
  const dataDir = await filledStore(filling)
  const first = filling.stored / GROUP
  const makeGroup = (group: number) => orderedGroup(first + group, filling)
  const rates = await measure({ filling, dataDir, makeGroup })
  const at = `at ${whole(filling.stored)} stored`
  const ratio = rates.projected / rates.plain
  report.judge(`rate ${at}, of that of a plain table`, ratio, { atLeast: bar }, showRates(ratio, rates))
  const stored = filling.stored + ROUNDS * groupsARound(filling) * GROUP
  const perEvent = folderBytes(dataDir) / stored
  report.note(`bytes per event ${at}, with the log`, whole(perEvent))
  const ofFigures = figuresBytes(dataDir) / stored
  report.judge(`bytes of figures per event ${at}`, ofFigures, { atMost: 25 }, ofFigures.toFixed(1))
  await measureIdle(report, dataDir, at)
  return rates
}

/** A back-fill without order: every event anywhere in the year. */
async function measureShuffled(report: Report, filling: Filling, ordered: Rates): Promise<void> {
  const dataDir = await filledStore(filling)
  const rates = await measure({ filling, dataDir, makeGroup: shuffledGroup })
  const share = `${(rates.projected / ordered.projected).toFixed(2)} of that in order`
  const ratio = rates.projected / rates.plain
  report.judge(
    'rate of a back-fill in no order, of that of a plain table',
    ratio,
    { atLeast: 0.6 },
    `${showRates(ratio, rates)}; ${share}`,
  )
}

const showRates = (ratio: number, { answered, projected, plain }: Rates): string =>
  `${ratio.toFixed(2)} (${perSecond(projected, 1)} of ${perSecond(plain, 1)}; answered at ${perSecond(answered, 1)})`

/** A tenth of the large store in all, unless that is very much. */
function groupsARound({ perYear }: Filling): number {
  return Math.min(MOST_GROUPS_A_ROUND, Math.ceil(perYear / GROUP / 10 / ROUNDS))
}

/** Both in turns, so that whatever else the machine does meets both. */
async function measure({ filling, dataDir, makeGroup }: Measured): Promise<Rates> {
  const groups = groupsARound(filling)
  const table = new PlainTable(plainFile(await filledTable(filling)), 'measured')
  const service = await Service.start(PORT, { dataDir, now: YEAR_START + 2 * YEAR_MS })
  const seconds = { answered: 0, projected: 0, plain: 0 }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const sent = Array.from({ length: groups }, (_, i) => makeGroup(round * groups + i))
      const { answered, projected } = await sendAll(service, sent)
      seconds.answered += answered
      seconds.projected += projected
      seconds.plain += insertAll(table, sent)
    }
    const { peakMb } = service.memory()
    await service.stop()
    const events = ROUNDS * groups * GROUP
    return {
      answered: events / seconds.answered,
      projected: events / seconds.projected,
      plain: events / seconds.plain,
      peakMb,
    }
  } finally {
    service.kill()
    table.close()
  }
}

async function sendAll(service: Service, groups: SentEvent[][]): Promise<{ answered: number; projected: number }> {
  const file = join(workFolder('bodies'), 'batches')
  const lines = groups.map(events => JSON.stringify(events))
  const url = `${service.url}/api/stats/events/batch`
  const { seconds, accepted, begun } = await requestList(url, 'POST', { file, lines }, CONNECTIONS)
  if (accepted !== groups.length * GROUP) throw new Error(`only ${accepted} events were accepted`)
  return { answered: seconds, projected: ((await service.caughtUp()) - begun) / 1000 }
}

/** Seconds that the inserts alone took: the rows are made before. */
function insertAll(table: PlainTable, groups: SentEvent[][]): number {
  const rows = groups.map(toEntries)
  const begun = performance.now()
  for (const entries of rows) table.insert(entries)
  return (performance.now() - begun) / 1000
}

async function measureIdle(report: Report, dataDir: string, at: string): Promise<void> {
  const service = await Service.start(PORT, { dataDir, now: YEAR_START + YEAR_MS + 30 * DAY_MS })
  try {
    await wait(IDLE_S * 1000)
    const { residentMb, peakMb } = service.memory()
    await service.stop()
    const shown = `${whole(residentMb)} MB (${whole(peakMb)} MB at most while starting)`
    report.judge(`resident memory idle, restarted ${at}, MB`, residentMb, { atMost: 180 }, shown)
  } finally {
    service.kill()
  }
}
