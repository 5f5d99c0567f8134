/** The service: starts, serves, and stops without losing anything. */
import { parseArgs } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildApp } from './app.ts'
import { DataFileError } from './data-files/findings.ts'
import { importWhereOutdated } from './data-files/import-dump.ts'
import { reportLines } from './data-files/report-lines.ts'
import { endAtOnce, logLast } from './end-at-once.ts'
import { keepToOwner } from './files.ts'
import { cutSlowClients } from './http/slow-clients.ts'
import { mendStore } from './opening/open-storage.ts'
import { removeFiguresOf } from './opening/remove-figures.ts'
import { startServices } from './services.ts'
import { type Config, ConfigError, loadConfig } from './settings/config.ts'
import { isLoopback } from './settings/hosts.ts'
import { stopOnSignals } from './shutdown.ts'
import { StoreInUse, StoreLoss, StoreUnusable } from './storage/storage.ts'

/** Their messages say themselves what an operator can do. */
const EXPECTED = [ConfigError, DataFileError, StoreInUse, StoreLoss, StoreUnusable]

keepToOwner()

try {
  await start(loadConfig())
} catch (error) {
  fail(error)
}

function fail(error: unknown): never {
  process.stderr.write(`${startFailure(error)}\n`)
  process.exit(1)
}

async function start(config: Config): Promise<void> {
  const { values } = parseArgs({ options: { 'accept-loss': { type: 'boolean', default: false } } })
  await mendStore(config, {
    acceptLoss: values['accept-loss'],
    announce: line => process.stderr.write(`${line}\n`),
    removeDerived: () => removeFiguresOf(config),
  })
  await importShared(config)
  let app: FastifyInstance | undefined
  const log = pino({ level: config.logLevel })
  const onFailure = (error: Error) => {
    if (app) logLast(config, 'a part of the service has ended; stopping', error)
    else process.stderr.write(`${startFailure(error)}\n`)
    endAtOnce()
  }
  const services = await startServices(config, onFailure, line => log.warn(line))
  app = await buildApp(services)
  stopOnSignals(app, services)
  cutSlowClients()
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    // DuckDB aborts a process that ends in the middle of its work.
    await services.close()
    throw error
  }
  const { host, ingestApiKeys, adminApiKeys } = config
  if (ingestApiKeys.length + adminApiKeys.length === 0 && !isLoopback(host)) log.warn(openToAll(host))
}

/** Takes in the dump that the developers share, where `config/` says that this machine has an older one. */
async function importShared({
  dataDir,
  mongo,
  figures,
  defaultCurrency,
  playMinMs,
  deadLetterMax,
}: Config): Promise<void> {
  const open = async () => {
    // Loaded only where it is used: on this thread, DuckDB would take memory for nothing.
    const { openStore } = await import('./opening/open-store.ts')
    return openStore({ dataDir, mongo, figures }, line => process.stderr.write(`${line}\n`))
  }
  const report = await importWhereOutdated(open, {
    folder: './data-dump',
    configFolder: './config',
    settings: { defaultCurrency, playMinSeconds: playMinMs / 1000 },
    deadLetterMax,
    clock: Date.now,
  })
  if (!report) return
  const { summary, remarks } = reportLines(report)
  process.stderr.write(`${[...remarks, ...summary].join('\n')}\n`)
}

function openToAll(host: string): string {
  return (
    `HOST is ${host} and no key is set: whoever reaches this port may write events, read and delete dead letters, and send ` +
    'alerts. Set INGEST_API_KEYS and ADMIN_API_KEYS (docs/security.md)'
  )
}

function startFailure(error: unknown): string {
  if (EXPECTED.some(kind => error instanceof kind)) return (error as Error).message
  const { message, syscall } = error as NodeJS.ErrnoException
  if (syscall === 'listen' || syscall === 'getaddrinfo') return listenFailure(error as ListenError)
  return `The service could not start: ${message}`
}

type ListenError = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string }

function listenFailure({ code, address, port, hostname }: ListenError): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another process: stop that one, or set PORT to another`
  if (code === 'EACCES') return `Port ${port} is not allowed for this user: set PORT to another`
  if (hostname !== undefined)
    return `HOST ${hostname} has no address (${code}): set HOST to a name or an address of this machine`
  return `HOST ${address} is no address of this machine (${code}): set HOST to one that it has`
}
