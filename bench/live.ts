/** Batches over HTTP with events of the present time while 500 clients watch live, against the same without them. */
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { artists, GROUP, orderedGroup } from './generate.ts'
import { median, perSecond, Report, whole } from './report.ts'
import { Service } from './service.ts'
import type { Sizes } from './sizes.ts'
import { workFolder } from './stores.ts'
import { requestList } from './wrk.ts'

const PORT = 5404
const CONNECTIONS = 4
const STREAMS = 500
/** Of the streams: each of these watches an artist of its own, the others the platform. */
const OF_ARTISTS = STREAMS / 2
const ROUNDS = 5
const GROUPS_A_ROUND = 60

interface Round {
  /** Events a second, until the figures contain them. */
  rate: number
  seconds: number
}

export async function live({ large }: Sizes): Promise<Report> {
  const title = `batches of ${whole(GROUP)} over HTTP, ${CONNECTIONS} connections, events of the present time`
  const report = new Report('live', `${title}, ${STREAMS} streams, half of them of an artist each`)
  const service = await Service.start(PORT, { dataDir: workFolder('live') })
  try {
    const sender = new Sender(service, large)
    await sender.round()
    const found = { without: [] as number[], with: [] as number[], messages: 0, seconds: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      found.without.push((await sender.round()).rate)
      const watchers = new Watchers()
      await watchers.open()
      const { rate, seconds } = await sender.round()
      found.with.push(rate)
      found.messages += watchers.messages
      found.seconds += seconds
      watchers.close()
    }
    tell(report, found)
    report.note('resident memory at most', `${whole(service.memory().peakMb)} MB`)
    await service.stop()
  } finally {
    service.kill()
  }
  return report
}

interface Found {
  without: number[]
  with: number[]
  messages: number
  seconds: number
}

function tell(report: Report, found: Found): void {
  const ratio = median(found.with.map((rate, i) => rate / found.without[i]!))
  const rates = `${perSecond(median(found.with), 1)} of ${perSecond(median(found.without), 1)}`
  const shown = `${ratio.toFixed(2)} (${rates}; medians of ${ROUNDS})`
  report.judge(`rate with ${STREAMS} live streams, of that without`, ratio, { atLeast: 0.95 }, shown)
  const each = found.messages / STREAMS / found.seconds
  report.note('messages that each stream got meanwhile, a second', each.toFixed(2))
}

/** Sends rounds of events, each after those before. */
class Sender {
  readonly #service: Service
  readonly #perYear: number
  #group = 0

  constructor(service: Service, perYear: number) {
    this.#service = service
    this.#perYear = perYear
  }

  async round(): Promise<Round> {
    const timestamp = new Date().toISOString()
    const lines = Array.from({ length: GROUPS_A_ROUND }, () => {
      const events = orderedGroup(this.#group++, { perYear: this.#perYear })
      return JSON.stringify(events.map(event => ({ ...event, timestamp })))
    })
    const file = join(workFolder('bodies'), 'batches')
    const url = `${this.#service.url}/api/stats/events/batch`
    const { begun, accepted } = await requestList(url, 'POST', { file, lines }, CONNECTIONS)
    const events = GROUPS_A_ROUND * GROUP
    if (accepted !== events) throw new Error(`only ${accepted} events were accepted`)
    const seconds = ((await this.#service.caughtUp()) - begun) / 1000
    return { rate: events / seconds, seconds }
  }
}

/** Clients that watch. */
class Watchers {
  readonly #sockets: Socket[] = []
  messages = 0

  /** All get messages when it resolves. */
  async open(): Promise<void> {
    for (let i = 0; i < STREAMS; i++) {
      const query = i < OF_ARTISTS ? `?artistId=${artists[i]!.id}` : ''
      const socket = connect(PORT, '127.0.0.1')
      socket.write(`GET /api/stats/live${query} HTTP/1.1\r\nhost: bench\r\n\r\n`)
      socket.on('data', bytes => {
        if (bytes.includes('data: {')) this.messages++
      })
      this.#sockets.push(socket)
    }
    while (this.messages < STREAMS) await wait(100)
    this.messages = 0
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}
