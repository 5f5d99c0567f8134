/** Starts the demo: the service, its catalogue, its mail server, and a simulated audience with half a year of history. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startContentService } from '../content-service/server.ts'
import { Client } from '../replay/client.ts'
import { requestAlerts } from './alerts.ts'
import { type SentHistory, sendHistory } from './history.ts'
import { playLive } from './live.ts'
import { startMailServer } from './mail-server.ts'
import { everythingShown, trainingOf, trainingOver } from './readiness.ts'
import { lookAtRecommendations } from './recommended.ts'
import { DemoService } from './service.ts'
import { Simulation } from './simulation.ts'

const HALF_A_YEAR_DAYS = 182
const EVENTS_PER_DAY = 2_400

export interface DemoOptions {
  /** What the clock of the service shows when the demo starts, in epoch milliseconds. Default: the real time. */
  now?: number
  /** The whole days of history before today. */
  historyDays?: number
  /** Of the history, on average. */
  eventsPerDay?: number
  /** Whether the audience goes on after the history. */
  live?: boolean
  /** Of the service; by default a free one. */
  port?: number
  /** Settings of the service beside those of the demo. */
  env?: NodeJS.ProcessEnv
  /** Gives up the start. */
  signal?: AbortSignal
  /** Hears how many days of the history have been sent. */
  onDay?: (done: number, all: number) => void
}

export interface Demo {
  url: string
  catalogueUrl: string
  /** Ids of artists. `viral`: of a track that went viral; `markup`: called `<img src=x onerror=alert(1)>`. */
  artists: { biggest: string; viral: string; tiny: string; markup: string }
  /** Somebody who listens much, but not to all that there is, so that there is something to recommend. */
  listener: string
  history: SentHistory
  /** Of the service. */
  pid: number
  /** Resolves when the service or the audience has ended, though nobody stopped the demo; why. */
  ended: Promise<string>
  /** Ends the service in good order, and removes all that the demo made. */
  stop(): Promise<void>
}

/**
 * Ready when it resolves: the figures contain the whole history, titles and names are known, and a model is trained, unless training
 * is off.
 * @throws Error where the service does not start or ends meanwhile, or the start is given up; then nothing is left
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { now = Date.now(), historyDays = HALF_A_YEAR_DAYS, eventsPerDay = EVENTS_PER_DAY, live = true } = options
  const clockShift = options.now === undefined ? 0 : now - Date.now()
  const simulation = new Simulation({ now, historyDays, eventsPerDay })
  const { catalogue, biggest, tiny, markup, viral, repeated } = simulation.repertoire

  await using resources = new AsyncDisposableStack()
  const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'undersounds-demo-')), remove)
  const content = await startContentService({ catalogue, emails: true, requestsPerMinute: null })
  resources.defer(() => content.close())
  const mailServer = await startMailServer(viral.artist.email)
  resources.defer(() => mailServer.close())
  const env: NodeJS.ProcessEnv = {
    CONTENT_SERVICE_URL: content.url,
    // The usual 60 a minute spare a catalogue that others use too.
    CONTENT_LOOKUPS_PER_MINUTE: '60000',
    ...mailServer.env,
    ...options.env,
  }
  const service = await DemoService.start({ folder, port: options.port ?? 0, clockShift, env })
  resources.defer(() => service.stop())

  const over = new AbortController()
  resources.defer(() => over.abort())
  const client = new Client(service.url, env.ADMIN_API_KEYS?.split(',')[0], over.signal)
  const fill = async () => {
    const before = await trainingOf(client)
    const history = await sendHistory(simulation, client, options.onDay)
    await everythingShown(client, content, history.albums)
    if (env.RECOMMENDATION_TRAINING_HOURS !== 'off') await trainingOver(client, before)
    await lookAtRecommendations(client, now)
    await requestAlerts(client, [biggest, viral.artist, repeated.artist, markup])
    return history
  }
  const history = await Promise.race([fill(), failure(service.ended), givenUp(options.signal)])

  let ended = service.ended
  if (live) {
    const playing = playLive(simulation, client, () => Date.now() + clockShift, over.signal)
    ended = Promise.race([ended, playing.then(() => service.ended, String)])
  }
  const held = resources.move()
  return {
    url: service.url,
    catalogueUrl: content.url,
    artists: { biggest: `${biggest.id}`, viral: `${viral.artist.id}`, tiny: `${tiny.id}`, markup: `${markup.id}` },
    listener: 'u41',
    history,
    pid: service.pid,
    ended,
    stop: () => held.disposeAsync(),
  }
}

const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5 })

async function failure(ended: Promise<string>): Promise<never> {
  throw new Error(await ended)
}

function givenUp(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
