/** What the store is worth after all: the figures, `verify`, and the log against the ledger. */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { assertCountedOnce, type KnownEvent } from '../../test/support/known-events.ts'
import { runCli, type ServiceProcess } from '../../test/support/service-process.ts'
import type { Findings } from './findings.ts'
import { HOSTILE, type Ledger, type LedgerComparison, type LedgerEvent } from './ledger.ts'
import type { Run } from './run.ts'
import type { Senders } from './senders.ts'

export interface Verified {
  isClean: boolean
  /** Of events, those of attacks. */
  setAside: number
  seconds: number
}

/** Honest clients have so long for what is in doubt when the load is over. */
const DRAIN_MS = 20_000

/**
 * To be called when the load is over: has all honest events acknowledged, stops the service in good order, starts it again,
 * and compares figures, store and log with what was sent. `folder`: for the export, which goes away again.
 */
export async function judge(
  { supervisor, findings }: Run,
  senders: Senders,
  dataDir: string,
  folder: string,
): Promise<{ verified: Verified; comparison: LedgerComparison }> {
  const left = await senders.drain(AbortSignal.timeout(DRAIN_MS))
  if (left > 0) findings.add(`${left} events were never acknowledged`)
  await supervisor.restart('SIGTERM')
  if (supervisor.service) await judgeFigures(supervisor.service, senders.knownEvents(), findings)
  await supervisor.stop('SIGTERM')
  const verified = await judgeStore(dataDir, findings)
  return { verified, comparison: await judgeLog(dataDir, folder, senders.ledger, findings) }
}

/** Waits for the figures, and compares those of the known artists with these events, each counted once. */
async function judgeFigures(service: ServiceProcess, events: Iterable<KnownEvent>, findings: Findings): Promise<void> {
  try {
    await service.projected()
    await assertCountedOnce(service.url, events)
  } catch (error) {
    findings.add('the figures are not those of the events', (error as Error).message)
  }
}

/** Runs `verify`. It may name events that are set aside, if attacks sent them. */
async function judgeStore(dataDir: string, findings: Findings): Promise<Verified> {
  const begun = performance.now()
  const { code, stdout, stderr } = await runCli(dataDir, 'verify')
  const seconds = (performance.now() - begun) / 1000
  const isClean = code === 0 && /^no difference$/m.test(stdout)
  if (!isClean) findings.add(`verify: code ${code}`, `${stdout}\n${stderr}`)
  const setAside = stderr.matchAll(/^event (\S+) \(seq \d+\) is set aside.*$/gm).toArray()
  for (const [line, id] of setAside) {
    if (!id!.startsWith(HOSTILE)) findings.add('an honest event is set aside', line)
  }
  return { isClean, setAside: setAside.length, seconds }
}

/** Exports the log into `folder`, and compares it with the ledger. */
async function judgeLog(
  dataDir: string,
  folder: string,
  ledger: Ledger,
  findings: Findings,
): Promise<LedgerComparison> {
  const dump = join(folder, 'dump')
  const options = ['--ndjson', '--force', '--config', join(folder, 'config')]
  const { code, stderr } = await runCli(dataDir, 'mongoexport', dump, ...options)
  if (code !== 0) findings.add(`mongoexport: code ${code}`, stderr)
  const comparison = await ledger.compare(exportedEvents(join(dump, 'events.ndjson')))
  await rm(dump, { recursive: true, force: true })
  for (const kind of ['lost', 'doubled', 'foreign', 'changed'] as const) {
    const { count, examples } = comparison[kind]
    if (count > 0) findings.add(`events ${kind}: ${count}`, examples.join(', '))
  }
  const { acknowledgedByType, loggedByType } = comparison
  if (String(acknowledgedByType) !== String(loggedByType)) {
    findings.add('counts by type differ', `acknowledged: ${acknowledgedByType}; in the log: ${loggedByType}`)
  }
  return comparison
}

async function* exportedEvents(file: string): AsyncGenerator<LedgerEvent> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const document = JSON.parse(line) as Omit<LedgerEvent, 'timestamp'> & { timestamp: { $date: string } }
    yield { ...document, timestamp: document.timestamp.$date }
  }
}
