/** Single events with alerts on and a catalogue that hangs, against the same service without either. */
import { setTimeout as wait } from 'node:timers/promises'
import { startContentService } from '../dev/content-service/server.ts'
import { median, perSecond, Report } from './report.ts'
import { Service } from './service.ts'
import { workFolder } from './stores.ts'
import { singleEvents } from './wrk.ts'

const CONNECTIONS = 64
const ROUNDS = 5
const SECONDS = 6
const WARM_UP_S = 3
const PORTS = { alone: 5404, together: 5405 }
/** How often a ranking is asked for meanwhile, of the service whose catalogue hangs. */
const ASKING_MS = 500

export async function neighbours(): Promise<Report> {
  const report = new Report(
    'neighbours',
    `single events over HTTP, ${CONNECTIONS} connections, with the neighbours in trouble`,
  )
  const content = await startContentService({ requestsPerMinute: null })
  content.setFault({ kind: 'hang' })
  const alone = await Service.start(PORTS.alone, { dataDir: workFolder('alone'), preload: 'without-alerts.ts' })
  const together = await Service.start(PORTS.together, {
    dataDir: workFolder('together'),
    env: { CONTENT_SERVICE_URL: content.url, CONTENT_LOOKUPS_PER_MINUTE: '60' },
  })
  const rates: { alone: number[]; together: number[] } = { alone: [], together: [] }
  try {
    for (const service of [alone, together]) await singleEvents(service.url, CONNECTIONS, WARM_UP_S)
    const slowest = await whileAsking(together, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        rates.alone.push(await rateOf(alone))
        rates.together.push(await rateOf(together))
      }
    })
    await Promise.all([alone.stop(), together.stop()])
    const [with_, without] = [median(rates.together), median(rates.alone)]
    const shown = `${(with_ / without).toFixed(2)} (${perSecond(with_, 1)} of ${perSecond(without, 1)}; medians of ${ROUNDS})`
    report.judge('rate, of that without catalogue and alerts', with_ / without, { atLeast: 0.95 }, shown)
    report.note('slowest ranking meanwhile, budget 1,500 ms', `${Math.round(slowest)} ms`)
  } finally {
    alone.kill()
    together.kill()
    await content.close()
  }
  return report
}

async function rateOf(service: Service): Promise<number> {
  const { requests, seconds } = await singleEvents(service.url, CONNECTIONS, SECONDS)
  await service.caughtUp()
  return requests / seconds
}

/** The longest time, in milliseconds, that a ranking took while `work` went on. */
async function whileAsking(service: Service, work: () => Promise<void>): Promise<number> {
  let done = false
  let slowest = 0
  const asking = (async () => {
    while (!done) {
      const begun = performance.now()
      await (await fetch(`${service.url}/api/stats/trending?limit=20`)).arrayBuffer()
      slowest = Math.max(slowest, performance.now() - begun)
      await wait(ASKING_MS)
    }
  })()
  await work()
  done = true
  await asking
  return slowest
}
