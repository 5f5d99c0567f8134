/**
 * Training of recommendations beside requests: from half as many pairs of a listener and an artist as the large store has events,
 * which are 5,000,000 pairs of 100,000 listeners and 100,000 artists.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Listening } from './listening.ts'
import { percentile } from './questions.ts'
import { Random } from './random.ts'
import { ms, Report, whole } from './report.ts'
import { Service } from './service.ts'
import type { Sizes } from './sizes.ts'
import { filledWithListening } from './stores.ts'

const PORT = 5413
const HOUR_MS = 3_600_000
const POLL_MS = 200
const TRAINING = { RECOMMENDATION_TRAINING_HOURS: '24' }
const LONGEST_TRAINING_MS = 60 * 60_000
/** Requests for lists while nothing is trained. */
const REQUESTS = 500

interface ModelState {
  version: string | null
  seq: number | null
  trainedAt: string | null
  tookMs: number | null
  training: { state: string; error: string | null }
  evaluation: { version: string } | null
}

export async function recommendations({ large }: Sizes): Promise<Report> {
  const report = new Report('recommendations', 'training, and requests for recommendations, one connection')
  const listening = new Listening(large / 2)
  const dataDir = await filledWithListening(listening, large / 2)
  const first = await Service.start(PORT, { dataDir, now: listening.end + HOUR_MS, env: TRAINING })
  try {
    await trained(first, null)
    report.note('first training', shownTraining(await modelOf(first)))
    report.note('memory at its peak, first training', `${whole(first.memory().peakMb)} MB`)
    await first.stop()
  } finally {
    first.kill()
  }
  // A day later, any event is a reason to train.
  const service = await Service.start(PORT, { dataDir, now: listening.end + 26 * HOUR_MS, env: TRAINING })
  try {
    await measureRequests(report, service, listening)
    await measureTraining(report, service, listening)
    await service.stop()
  } finally {
    service.kill()
  }
  return report
}

/** With the model of the first training. Each listener is asked for once, so that no answer was kept. */
async function measureRequests(report: Report, service: Service, { listeners }: Listening): Promise<void> {
  const random = new Random(1, 0)
  const lists: number[] = []
  const popular: number[] = []
  await eventLoopDelay(service)
  for (let i = 0; i < REQUESTS; i++) {
    lists.push(await timeOfList(service, String(random.below(listeners) + 1)))
    popular.push(await timeOfList(service, `nobody-${i}`))
  }
  const ratio = percentile(sorted(lists), 50) / percentile(sorted(popular), 50)
  report.judge('a list, idle: p99, ms', percentile(sorted(lists), 99), { atMost: 50 }, shownTimes(lists))
  report.note('a plain list of popular artists, idle', `${shownTimes(popular)}; a list takes ${ratio.toFixed(1)} times`)
  report.note("main thread's event loop, idle: p99", ms(await eventLoopDelay(service)))
}

/** The second training and its evaluation; what is asked meanwhile is answered with the model of the first, then of the second. */
async function measureTraining(report: Report, service: Service, { listeners }: Listening): Promise<void> {
  const before = await modelOf(service)
  await sendPlay(service)
  while ((await modelOf(service)).training.state !== 'training') await wait(POLL_MS)
  await eventLoopDelay(service)
  const isOver = evaluated(service, before.trainedAt).then(() => true)
  const random = new Random(2, 0)
  const lists: number[] = []
  const popular: number[] = []
  while (!(await Promise.race([isOver, wait(0, false)]))) {
    lists.push(await timeOfList(service, String(random.below(listeners) + 1)))
    popular.push(await timeOfList(service, `nobody-${popular.length}`))
    await wait(POLL_MS)
  }
  const delay = await eventLoopDelay(service)
  const memory = service.memory().peakMb
  report.note('training beside requests', shownTraining(await modelOf(service)))
  report.judge("main thread's event loop while training: p99, ms", delay, { atMost: 20 }, ms(delay))
  report.judge('memory of the process at its peak, MB', memory, { atMost: 500 }, `${whole(memory)} MB`)
  report.judge('a list while training: p99, ms', percentile(sorted(lists), 99), { atMost: 50 }, shownTimes(lists))
  report.note('a plain list of popular artists while training', shownTimes(popular))
}

async function timeOfList(service: Service, userId: string): Promise<number> {
  const begun = performance.now()
  const response = await fetch(`${service.url}/api/recommendations/user/${userId}?limit=20&type=artist`)
  const rows = (await response.json()) as unknown[]
  if (response.status !== 200 || rows.length < 20) throw new Error(`no list of 20: ${response.status}`)
  return performance.now() - begun
}

/** Resolves when there is another model than that of `before`. */
async function trained(service: Service, before: string | null): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < LONGEST_TRAINING_MS; await wait(POLL_MS)) {
    const { trainedAt, training } = await modelOf(service)
    if (training.state === 'failed') throw new Error(`the training failed: ${training.error}`)
    if (trainedAt !== before && training.state === 'idle') return
  }
  throw new Error('the training does not end')
}

/** Resolves when there is another model than that of `before`, and it has been evaluated. */
async function evaluated(service: Service, before: string | null): Promise<void> {
  await trained(service, before)
  for (const begun = performance.now(); performance.now() - begun < LONGEST_TRAINING_MS; await wait(POLL_MS)) {
    const { version, evaluation } = await modelOf(service)
    if (evaluation?.version === version) return
  }
  throw new Error('the evaluation does not end')
}

async function modelOf(service: Service): Promise<ModelState> {
  return (await (await fetch(`${service.url}/api/recommendations/model`)).json()) as ModelState
}

async function sendPlay(service: Service): Promise<void> {
  const body = {
    eventId: randomUUID(),
    eventType: 'track.played',
    timestamp: new Date(Date.UTC(2025, 0, 31)).toISOString(),
    userId: '1',
    entityType: 'artist',
    entityId: '1',
  }
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${service.url}/api/stats/events`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (response.status !== 202) throw new Error(`the play was answered with ${response.status}`)
}

/** The 99th percentile since it was asked last, in milliseconds; the timer that measures it has 10 ms, which are part of it. */
async function eventLoopDelay(service: Service): Promise<number> {
  const metrics = await (await fetch(`${service.url}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(metrics)![1]) * 1_000
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)

const shownTimes = (values: readonly number[]): string =>
  `p50 ${ms(percentile(sorted(values), 50))}, p99 ${ms(percentile(sorted(values), 99))} (${whole(values.length)} requests)`

const shownTraining = ({ tookMs }: ModelState): string => `${((tookMs ?? 0) / 1_000).toFixed(0)} s`
