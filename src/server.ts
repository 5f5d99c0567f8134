/** The service: starts, serves, and stops without losing anything. */
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import type { AppServices } from './app-services.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { DataFileError } from './data-files/data-file-error.ts'
import { importWhereOutdated } from './data-files/import-where-outdated.ts'
import { reportLines } from './data-files/report-lines.ts'
import { startServices } from './services.ts'
import { openStorage } from './storage/open-storage.ts'
import { StoreInUse } from './storage/storage.ts'
import { LAYOUT } from './store-layout.ts'

/** Their messages say themselves what an operator can do. */
const EXPECTED = [ConfigError, DataFileError, StoreInUse]

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
  await importShared(config)
  let app: FastifyInstance | undefined
  const services = await startServices(config, error => {
    if (!app) fail(error)
    app.log.fatal({ err: error }, 'a part of the service has ended; stopping')
    process.exit(1)
  })
  app = await buildApp(services)
  stopOnSignals(app, services)
  await app.listen({ host: config.host, port: config.port })
}

/** Takes in the dump that the developers share, where `config/` says that this machine has an older one. */
async function importShared({ dataDir, mongo, defaultCurrency, playMinMs, deadLetterMax }: Config): Promise<void> {
  const report = await importWhereOutdated(() => openStorage({ dataDir, mongo }, LAYOUT), {
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

/**
 * The first signal ends the service in good order: no new connections, an answer for what is in flight, everything
 * written, exit code 0. A second one, or the end of the patience for it, ends it at once with 1.
 */
function stopOnSignals(app: FastifyInstance, services: AppServices): void {
  let stopping = false
  const onSignal = (signal: string) => {
    if (stopping) return giveUp(app, `${signal} again: stopping at once`)
    stopping = true
    const { shutdownTimeoutMs } = services.config
    app.log.info(`${signal}: finishing what is in flight`)
    setTimeout(
      () => giveUp(app, `not finished within ${shutdownTimeoutMs / 1000} s: stopping at once`),
      shutdownTimeoutMs,
    )
    stop(app, services).catch(error => {
      app.log.fatal({ err: error }, 'stopping failed')
      process.exit(1)
    })
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

async function stop(app: FastifyInstance, services: AppServices): Promise<void> {
  // A connection whose last request was in flight becomes idle later, and would otherwise be kept alive.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50)
  await app.close()
  clearInterval(sweep)
  await services.close()
  app.log.info('stopped')
  process.exit(0)
}

function giveUp(app: FastifyInstance, why: string): void {
  app.log.fatal(why)
  process.exit(1)
}

function startFailure(error: unknown): string {
  if (EXPECTED.some(kind => error instanceof kind)) return (error as Error).message
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another process: stop that one, or set PORT to another`
  if (code === 'EACCES' && port !== undefined) return `Port ${port} is not allowed for this user: set PORT to another`
  return `The service could not start: ${message}`
}
