/** The real service as a process of its own, on a port and a data directory that a benchmark gives it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { NODE_FLAGS, SERVER, START_ENV } from '../dev/npm-start.ts'
import { type Memory, memoryOf } from './memory.ts'

const ROOT = join(import.meta.dirname, '..')
const START_MS = 120_000
const CATCH_UP_MS = 300_000

export interface ServiceOptions {
  dataDir: string
  /** The instant that the service's clock shows at the start; the real one where it is absent. */
  now?: number
  /** A module of this folder that is loaded before the service. */
  preload?: string
  env?: NodeJS.ProcessEnv
}

export class Service {
  readonly url: string
  #process: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#process = child
    this.url = url
  }

  /** Ready to answer when it resolves. */
  static async start(port: number, { dataDir, now, preload, env = {} }: ServiceOptions): Promise<Service> {
    const modules = [preload, now === undefined ? undefined : '../dev/shifted-clock.ts'].filter(
      module => module !== undefined,
    )
    const imports = modules.flatMap(module => ['--import', join(import.meta.dirname, module)])
    const child = spawn(process.execPath, [...NODE_FLAGS, ...imports, SERVER], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...START_ENV,
        ...process.env,
        PORT: String(port),
        DATA_DIR: dataDir,
        RATE_LIMIT_DEFAULT: 'off',
        RATE_LIMIT_STRICT: 'off',
        // A training would be measured too, at a moment that differs from run to run.
        RECOMMENDATION_TRAINING_HOURS: 'off',
        LOG_LEVEL: 'warn',
        SHUTDOWN_TIMEOUT: '300',
        ...(now === undefined ? {} : { CLOCK_SHIFT_MS: String(now - Date.now()) }),
        ...env,
      },
    })
    const end = () => child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    const service = new Service(child, `http://127.0.0.1:${port}`)
    await service.#answers('/readyz')
    return service
  }

  /** Waits until everything in the log is in the figures; gives the moment, as `Date.now()` does. */
  async caughtUp(): Promise<number> {
    for (const begun = Date.now(); Date.now() - begun < CATCH_UP_MS; await wait(20)) {
      const response = await fetch(`${this.url}/healthz`)
      const health = (await response.json()) as { checks: { projector: { lag_events: number } } }
      // Where the writing thread is too busy to answer, the lag is not known.
      if (response.ok && health.checks.projector.lag_events === 0) return Date.now()
    }
    throw new Error('the projector has not caught up')
  }

  memory(): Memory {
    return memoryOf(this.#process.pid!)
  }

  /** Stops it as an operator would. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM')
      await once(this.#process, 'exit')
    }
    if (this.#process.exitCode !== 0) throw new Error(`the service ended with code ${this.#process.exitCode}`)
  }

  /** Ends it at once where it has not been stopped. */
  kill(): void {
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL')
  }

  async #answers(path: string): Promise<void> {
    for (const begun = Date.now(); Date.now() - begun < START_MS; await wait(50)) {
      if (this.#process.exitCode !== null) throw new Error('the service did not start')
      const ready = await fetch(this.url + path).then(
        response => response.ok,
        () => false,
      )
      if (ready) return
    }
    this.kill()
    throw new Error('the service is not ready')
  }
}
