/** How soon an event shows in an answer, and what questions take while events come in at full rate. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { artists, GROUP, orderedGroup, YEAR_MS, YEAR_START } from './generate.ts'
import { Random, Zipf } from './random.ts'
import { ms, perSecond, Report } from './report.ts'
import { Service } from './service.ts'
import type { Sizes } from './sizes.ts'
import { filledStore, workFolder } from './stores.ts'
import { type ListLoad, requestList } from './wrk.ts'

const PORT = 5407
/** So many events are sent, idle and busy, to see when they show. */
const EVENTS = { idle: 100, busy: 20 }
/** Batches that are sent while it is asked: enough for the time that it takes. */
const GROUPS = 1_500
const LONGEST_MS = 20_000
const PAUSE_MS = 10
const KPIS = 80

export async function fresh({ small, large }: Sizes): Promise<Report> {
  const report = new Report('fresh', 'how soon an event shows, and questions while events come in')
  const filling = { perYear: large, stored: small }
  const dataDir = await filledStore(filling)
  const service = await Service.start(PORT, { dataDir, now: YEAR_START + 2 * YEAR_MS, preload: 'without-cache.ts' })
  try {
    const idle = await delays(service, EVENTS.idle)
    report.judge('an event shows, idle: p99, ms', percentile(idle, 99), { atMost: 250 }, shownDelays(idle))
    const alone = await kpis(service)
    const bodies = join(workFolder('fresh'), 'batches')
    const first = filling.stored / GROUP
    const lines = Array.from({ length: GROUPS }, (_, i) => JSON.stringify(orderedGroup(first + i, filling)))
    const sending = requestList(`${service.url}/api/stats/events/batch`, 'POST', { file: bodies, lines }, 4)
    const busy = await delays(service, EVENTS.busy)
    const meanwhile = await kpis(service)
    const isOver = await Promise.race([sending.then(() => true), wait(0, false)])
    if (isOver) throw new Error('the events were all sent before the questions were answered')
    const { seconds, accepted } = await sending
    report.note('rate at which events came in', perSecond(accepted, seconds))
    report.judge('an event shows, busy: p99, ms', percentile(busy, 99), { atMost: 2_000 }, shownDelays(busy))
    const ratio = meanwhile.latency[95] / alone.latency[95]
    const shown = `${ratio.toFixed(2)} (p95 ${ms(meanwhile.latency[95])}, alone ${ms(alone.latency[95])})`
    report.judge('KPIs of a year while events come in: p95, of that alone', ratio, { atMost: 3 }, shown)
    await service.stop()
  } finally {
    service.kill()
  }
  return report
}

/** Milliseconds from sending an event until an answer has it, in ascending order. */
async function delays(service: Service, events: number): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < events; i++) {
    const artist = `fresh-${randomUUID()}`
    const begun = performance.now()
    await send(service, artist)
    while ((await playsOf(service, artist)) === 0) {
      if (performance.now() - begun > LONGEST_MS) throw new Error('an event does not show')
      await wait(2)
    }
    found.push(performance.now() - begun)
    await wait(PAUSE_MS)
  }
  return found.sort((a, b) => a - b)
}

async function send(service: Service, artist: string): Promise<void> {
  const event = { eventType: 'track.played', timestamp: '2025-06-01T00:00:00Z', entityType: 'artist', entityId: artist }
  const response = await fetch(`${service.url}/api/stats/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  })
  if (response.status !== 202) throw new Error(`an event was answered with ${response.status}`)
}

async function playsOf(service: Service, artist: string): Promise<number> {
  const response = await fetch(`${service.url}/api/stats/artist/${artist}/kpis`)
  return ((await response.json()) as { plays: number }).plays
}

function kpis(service: Service): Promise<ListLoad> {
  const random = new Random(1, KPIS)
  const popularity = new Zipf(artists.length, 1)
  const lines = Array.from({ length: KPIS }, () => {
    const { id } = artists[popularity.choose(random)]!
    return `/api/stats/artist/${id}/kpis?startDate=2025-01-01&endDate=2025-12-31`
  })
  return requestList(service.url, 'GET', { file: join(workFolder('kpis'), 'paths'), lines }, 1)
}

const percentile = (ascending: readonly number[], part: number): number =>
  ascending[Math.ceil((ascending.length * part) / 100) - 1]!

const shownDelays = (delays: readonly number[]): string =>
  `p50 ${ms(percentile(delays, 50))}, p95 ${ms(percentile(delays, 95))}, p99 ${ms(percentile(delays, 99))}`
