/** Checks the file of the store in the background, some time after the start and then every week. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { damageOf, QUICK_CHECK } from './open-storage.ts'

const FIRST_AFTER_MS = 10_000
const EVERY_MS = 7 * DAY_MS
/** A check that could not be made is made again after this time. */
const RETRY_MS = HOUR_MS
const TIME_LIMIT_MS = HOUR_MS

export interface IntegrityState {
  /** `error`: the store is damaged, as a check or another reader noticed. */
  state: 'waiting' | 'running' | 'ok' | 'error'
  /** When the last check ended, or the damage was noticed. */
  at: number | null
  /** What is damaged. */
  found: string | null
}

export class Integrity {
  readonly #folder: string
  readonly #clock: () => number
  readonly #loop: BackgroundLoop
  #isRunning = false
  #checkedAt: number | null = null

  /** `folder`: where the store's file is. `clock`: epoch milliseconds. */
  constructor(folder: string, clock: () => number) {
    this.#folder = folder
    this.#clock = clock
    this.#loop = new BackgroundLoop({
      step: signal => this.#check(signal),
      retryMs: error => {
        throw error
      },
    })
  }

  start(): void {
    this.#loop.start(FIRST_AFTER_MS)
  }

  get state(): IntegrityState {
    const damage = damageOf(this.#folder)
    if (damage) return { state: 'error', at: Date.parse(damage.noticed), found: damage.what }
    const state = this.#isRunning ? 'running' : this.#checkedAt === null ? 'waiting' : 'ok'
    return { state, at: this.#checkedAt, found: null }
  }

  /** Ends a check that is under way. */
  close(): Promise<void> {
    return this.#loop.stop()
  }

  /** Returns the milliseconds until the next check. */
  async #check(signal: AbortSignal): Promise<number> {
    this.#isRunning = true
    const isChecked = await checkInProcess(this.#folder, signal)
    this.#isRunning = false
    if (isChecked) {
      this.#checkedAt = this.#clock()
      return EVERY_MS
    }
    if (!signal.aborted) process.emitWarning('the file of the store could not be checked; it is tried again in an hour')
    return RETRY_MS
  }
}

/** Says whether the check was made, whatever it found. */
async function checkInProcess(folder: string, signal: AbortSignal): Promise<boolean> {
  const child = spawn(process.execPath, [QUICK_CHECK, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
    signal,
  })
  try {
    const [code] = await once(child, 'exit')
    return code === 0
  } catch {
    // There is no process, or the signal has ended it.
    return false
  }
}
