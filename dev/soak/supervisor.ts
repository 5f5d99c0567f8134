/** Keeps the service running: starts it again after each end, and knows when it was away. */
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { type Ended, ServiceProcess } from '../../test/support/service-process.ts'
import type { Counter } from './counter.ts'
import type { Findings } from './findings.ts'
import type { MemoryWatch } from './memory.ts'

/** A service that can't be started so many times in a row never will be. */
const ATTEMPTS = 3
const MAX_LOG_BYTES = 50 * 2 ** 20

export interface Supervised {
  dataDir: string
  env: NodeJS.ProcessEnv
  /** Takes the log lines of the service. */
  logFile: string
  findings: Findings
  faults: Counter
  memory: MemoryWatch
  /** Once it is aborted, an end is none of the service's own: a terminal sends its signal to both. */
  stopping: AbortSignal
  /** Hears that it can't be started any more. */
  onGivenUp: () => void
}

export class Supervisor {
  readonly #options: Supervised
  readonly #log: WriteStream
  #service: ServiceProcess | undefined
  #port = 0
  /** As `performance.now()` tells it: when it was away last. */
  #lastAway = 0
  #logged = 0
  /** Settled when it is started, or given up. */
  #started: Promise<void> = Promise.resolve()
  readonly #closing = new AbortController()

  /** Ready when it resolves. */
  static async start(options: Supervised): Promise<Supervisor> {
    const supervisor = new Supervisor(options)
    await supervisor.#bringUp()
    return supervisor
  }

  private constructor(options: Supervised) {
    this.#options = options
    this.#log = createWriteStream(options.logFile)
  }

  /** The same after each start. */
  get port(): number {
    return this.#port
  }

  get service(): ServiceProcess | undefined {
    return this.#service
  }

  /** Whether it was away at any time since then (`performance.now()`), so that a request may have failed for it. */
  wasAwaySince(instant: number): boolean {
    return !this.#service || this.#lastAway >= instant
  }

  /** Ends it by the signal and starts it again; with `lifeMs`, it is killed once more so long after it was started. */
  async restart(signal: 'SIGKILL' | 'SIGTERM', lifeMs?: number): Promise<void> {
    await this.#started
    if (!this.#service) return
    await this.stop(signal)
    if (lifeMs !== undefined) await this.#killStarting(lifeMs)
    await this.#bringUp()
  }

  /** Ends it for good. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const service = this.#service
    if (!service) return
    this.#setAway()
    this.#options.faults.add(signal)
    const { code } = await service.end(signal)
    if (signal === 'SIGTERM' && code !== 0) this.#options.findings.add(`SIGTERM ended the service with code ${code}`)
  }

  /** Ends it at once, whatever it does. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#started
    await this.stop('SIGKILL')
    this.#log.end()
    await once(this.#log, 'close')
  }

  #bringUp(): Promise<void> {
    this.#started = this.#tryToStart()
    return this.#started
  }

  async #tryToStart(): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        this.#lastAway = performance.now()
        const service = await this.#startProcess(this.#closing.signal)
        this.#lastAway = performance.now()
        this.#port = service.port
        this.#service = service
        this.#options.memory.begin(service.pid)
        service.ended.then(ended => this.#onEnd(service, ended))
        return
      } catch (error) {
        if (this.#closing.signal.aborted || this.#options.stopping.aborted) return
        this.#options.findings.add('the service did not start', (error as Error).message)
      }
    }
    this.#options.onGivenUp()
  }

  async #killStarting(lifeMs: number): Promise<void> {
    this.#options.faults.add('SIGKILL while starting')
    const started = await this.#startProcess(AbortSignal.timeout(lifeMs)).catch(() => undefined)
    await started?.ended
  }

  /** The signal kills it. */
  #startProcess(signal: AbortSignal): Promise<ServiceProcess> {
    const { dataDir, env } = this.#options
    return ServiceProcess.start({ dataDir, env, port: this.#port, onLine: line => this.#write(line), signal })
  }

  #onEnd(service: ServiceProcess, { code, signal }: Ended): void {
    if (this.#service !== service) return
    this.#setAway()
    if (this.#options.stopping.aborted) return
    this.#options.findings.add(`the service ended by itself with ${code ?? signal}`)
    void this.#bringUp()
  }

  #setAway(): void {
    this.#service = undefined
    this.#lastAway = performance.now()
    this.#options.memory.end()
  }

  #write(line: string): void {
    this.#logged += line.length
    if (this.#logged < MAX_LOG_BYTES) this.#log.write(`${line}\n`)
  }
}
