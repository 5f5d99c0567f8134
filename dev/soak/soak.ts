/**
 * The service for some minutes as it may be in its worst ones: honest load, kills, neighbours that misbehave, attacks and a
 * jumping clock, all at once. Afterwards nothing may be lost, doubled or different, and no answer may have been wrong.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { Random } from '../../bench/random.ts'
import { folderBytes } from '../../bench/stores.ts'
import { doAllAtOnce, NAMES } from './all-at-once.ts'
import { Clock } from './clock.ts'
import { Counter } from './counter.ts'
import { Findings } from './findings.ts'
import { MemoryWatch } from './memory.ts'
import { Neighbours } from './neighbours.ts'
import { pause } from './pause.ts'
import { report } from './report.ts'
import { KEYS, type Run } from './run.ts'
import { Senders } from './senders.ts'
import { Supervisor } from './supervisor.ts'
import { judge } from './verdict.ts'

/** What a soak may last longer than it was told to; then it ends at once, whatever it does. */
const GRACE_MS = 120_000
/** The share of the time in which the service is killed; in the rest one process runs on. */
const KILLED_SHARE = 0.6
const MAX_DISK_BYTES = 4 * 2 ** 30
const DISK_CHECK_MS = 5_000

/** Of the service, besides its neighbours: limits and keys as in earnest, and times so short that all of them run out. */
const settings = {
  INGEST_API_KEYS: [...KEYS.honest, KEYS.hostile].join(),
  ADMIN_API_KEYS: KEYS.admin,
  RATE_LIMIT_DEFAULT: '6000/minute',
  ALERT_RECIPIENTS: 'catalogue',
  CONTENT_LOOKUPS_PER_MINUTE: '600',
  CACHE_DEFAULT_TTL: '20',
  SHUTDOWN_TIMEOUT: '10',
}

interface Options {
  minutes: number
  seed: number
  without: readonly string[]
}

await new Command('soak')
  .description(
    'run the service under load, kills, attacks and misbehaving neighbours, and see whether anything was lost',
  )
  .option('--minutes <number>', 'how long the load lasts', minutes, 10)
  .option('--seed <number>', 'of all that is random', whole, Date.now() % 1_000_000)
  .option('--without <names...>', `leave these out: ${NAMES.join(', ')}`, named, [])
  .action(async (options: Options) => {
    process.exitCode = (await soakInFolder(options)) ? 0 : 1
  })
  .parseAsync()

function minutes(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1_000)) throw new InvalidArgumentError('Not a number of minutes.')
  return value
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Not a whole number.')
  return Number(text)
}

function named(name: string, before: readonly string[]): readonly string[] {
  if (!NAMES.includes(name)) throw new InvalidArgumentError(`Not one of ${NAMES.join(', ')}.`)
  return [...before, name]
}

/** Whether all was well; then nothing is left of it. */
async function soakInFolder(options: Options): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'stats-soak-'))
  const watchdog = setTimeout(() => giveUp(folder), options.minutes * 60_000 + GRACE_MS)
  const findings = new Findings()
  try {
    const isComplete = await soak(options, folder, findings)
    if (findings.count === 0) await rm(folder, { recursive: true, force: true })
    else console.log(`the store and the log of the service are in ${folder}`)
    return isComplete && findings.count === 0
  } finally {
    clearTimeout(watchdog)
  }
}

function giveUp(folder: string): never {
  console.error(`the soak did not come to its end; what there is of it is in ${folder}`)
  process.exit(1)
}

/** Prints the report. Whether it came to its end. */
async function soak({ minutes, seed, without }: Options, folder: string, findings: Findings): Promise<boolean> {
  const stopping = stopOnSignals()
  const clock = new Clock(join(folder, 'clock'))
  const memory = new MemoryWatch()
  const [requests, faults, attacks] = [new Counter(), new Counter(), new Counter()]
  const neighbours = await Neighbours.start()
  const dataDir = join(folder, 'data')
  const supervisor = await Supervisor.start({
    ...{ dataDir, logFile: join(folder, 'service.log'), env: { ...settings, ...clock.env, ...neighbours.env } },
    ...{ findings, faults, memory, stopping: stopping.signal, onGivenUp: () => stopping.abort() },
  })
  try {
    const ending = AbortSignal.any([stopping.signal, AbortSignal.timeout(minutes * 60_000)])
    const run: Run = { supervisor, findings, requests, faults, attacks, random: new Random(seed, 0), ending }
    const senders = new Senders(run, seed)
    const quiet = AbortSignal.any([ending, AbortSignal.timeout(minutes * 60_000 * KILLED_SHARE)])
    const around = { senders, neighbours, clock, quiet }
    await Promise.all([doAllAtOnce(run, around, without), watchDisk(dataDir, run, stopping)])
    if (stopping.signal.aborted) {
      console.log(['stopped before its end', ...findings.lines()].join('\n'))
      return false
    }
    const judged = await judge(run, senders, dataDir, folder)
    const { mails } = neighbours
    const isClockMovable = clock.isMovable
    console.log(
      report({ minutes, seed, isClockMovable, requests, faults, attacks, mails, senders, memory, findings, ...judged }),
    )
    return true
  } finally {
    await supervisor.close()
    await neighbours.close()
  }
}

/** The first signal ends the load, and the soak without its checks; the second one everything at once. */
function stopOnSignals(): AbortController {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130)
      stopping.abort()
    })
  }
  return stopping
}

async function watchDisk(dataDir: string, { findings, ending }: Run, stopping: AbortController): Promise<void> {
  while (!ending.aborted) {
    await pause(DISK_CHECK_MS, ending)
    const bytes = folderBytes(dataDir)
    if (bytes < MAX_DISK_BYTES) continue
    findings.add('the store takes more than 4 GB', `${bytes} bytes`)
    stopping.abort()
  }
}
