/** Single events over HTTP, durable and deduplicated, against a bare server that parses the JSON and answers 202. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openEmbedded } from '../src/opening/open-storage.ts'
import { median, perSecond, Report, whole } from './report.ts'
import { Service } from './service.ts'
import { workFolder } from './stores.ts'
import { type Load, singleEvents } from './wrk.ts'

const CONNECTIONS = 64
const ROUNDS = 3
const SECONDS = 8
const WARM_UP_S = 3
const PORTS = { service: 5402, bare: 5403 }

export async function single(): Promise<Report> {
  const report = new Report('single', `single events over HTTP, ${CONNECTIONS} connections`)
  const dataDir = workFolder('single')
  const service = await Service.start(PORTS.service, { dataDir })
  const bare = await startBareServer()
  const loads: { service: Load[]; bare: Load[] } = { service: [], bare: [] }
  try {
    const all = [await singleEvents(service.url, CONNECTIONS, WARM_UP_S)]
    await singleEvents(bare.url, CONNECTIONS, WARM_UP_S)
    for (let round = 0; round < ROUNDS; round++) {
      loads.service.push(await singleEvents(service.url, CONNECTIONS, SECONDS))
      await service.caughtUp()
      loads.bare.push(await singleEvents(bare.url, CONNECTIONS, SECONDS))
    }
    const { peakMb } = service.memory()
    await service.stop()
    compare(report, loads)
    report.judge('resident memory under this load, MB', peakMb, { atMost: 400 }, `${whole(peakMb)} MB`)
    await checkStored(report, dataDir, [...all, ...loads.service])
  } finally {
    bare.stop()
    service.kill()
  }
  return report
}

function compare(report: Report, loads: { service: Load[]; bare: Load[] }): void {
  const rates = (of: Load[]) => of.map(({ requests, seconds }) => requests / seconds)
  const [ours, theirs] = [median(rates(loads.service)), median(rates(loads.bare))]
  const shown = `${(ours / theirs).toFixed(2)} (${perSecond(ours, 1)} of ${perSecond(theirs, 1)}; medians of ${ROUNDS})`
  report.judge('rate, of that of a bare server', ours / theirs, { atLeast: 0.4 }, shown)
}

/** Requests under way when wrk stops are stored, and answered to nobody. */
async function checkStored(report: Report, dataDir: string, loads: Load[]): Promise<void> {
  const answered = loads.reduce((sum, { requests, failed }) => sum + requests - failed, 0)
  const failed = loads.reduce((sum, load) => sum + load.failed, 0)
  const storage = openEmbedded(dataDir)
  const stored = await storage.lastSeq()
  await storage.close()
  const unanswered = stored - answered
  if (unanswered < 0 || unanswered > loads.length * CONNECTIONS) {
    throw new Error(`${answered} events were answered with 202, but ${stored} are stored`)
  }
  report.note('stored of the events answered with 202', `${whole(answered)} of ${whole(answered)}; ${failed} refused`)
}

async function startBareServer(): Promise<{ url: string; stop: () => void }> {
  const env = { ...process.env, PORT: String(PORTS.bare) }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-server.ts')], { env, stdio: 'inherit' })
  process.once('exit', () => child.kill())
  await once(child, 'spawn')
  const url = `http://127.0.0.1:${PORTS.bare}`
  while (
    !(await fetch(url, { method: 'POST', body: '{}' }).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error('the bare server did not start')
    await wait(50)
  }
  return { url, stop: () => child.kill() }
}
