/** Starts the real service on a free port, with a data directory of its own. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import type { DestinationStream } from 'pino'
import { buildApp } from '../../src/app.ts'
import type { AppServices } from '../../src/http/app-services.ts'
import { startServices } from '../../src/services.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { contradictionsOf } from './described.ts'
import { storeSettings } from './store-in-use.ts'

export interface StartedApp {
  /** Such as `http://127.0.0.1:40123`. */
  url: string
  services: AppServices
  /** The log lines so far, parsed. */
  log: Record<string, unknown>[]
  /** Bytes that the server has read so far. */
  received(): number
  /** Stops serving before the test ends. */
  stop(): Promise<void>
}

/** Whatever calls back when it ends: a test, or the file. */
type Lifetime = Pick<TestContext, 'after'>

const atEndOfFile: (() => unknown)[] = []
after(async () => {
  for (const end of atEndOfFile) await end()
})

let shared: Promise<StartedApp> | undefined

/**
 * The service with default settings that several tests of a file share: started by the first of them, stopped after the
 * last. It saves half a second a test. For tests that need neither an empty store nor a log of their own.
 */
export function sharedApp(): Promise<StartedApp> {
  shared ??= startApp({ after: end => void atEndOfFile.push(end as () => unknown) })
  return shared
}

/** Starts the service with settings as in the environment; it stops with the test. */
export async function startApp(t: Lifetime, env: NodeJS.ProcessEnv = {}): Promise<StartedApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stats-'))
  const settings = await storeSettings(env.DATA_DIR ?? dataDir)
  const config = loadConfig({ DATA_DIR: dataDir, RATE_LIMIT_DEFAULT: 'off', ...settings, ...env })
  const onFailure = (error: Error) => {
    throw error
  }
  const services = await startServices(config, onFailure, () => {})
  t.after(async () => {
    await services.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return serve(t, services)
}

/**
 * Serves these services on a free port until the test ends; they are not closed with it. A test in which an answer
 * contradicts the API document fails. The dashboard is the one in the folder, by default the one that was built.
 */
export async function serve(t: Lifetime, services: AppServices, dashboard?: string): Promise<StartedApp> {
  const log: Record<string, unknown>[] = []
  const lines: DestinationStream = { write: line => void log.push(JSON.parse(line) as Record<string, unknown>) }
  const app = await buildApp(services, lines, dashboard)
  const sockets: Socket[] = []
  app.server.on('connection', socket => sockets.push(socket))
  const received = () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const contradictions = contradictionsOf(app)
  t.after(async () => {
    await app.close()
    assert.deepEqual(contradictions, [], 'an answer is not what the API document says')
  })
  return { url, services, log, received, stop: () => app.close() }
}
