/** Has the file of the store checked in the background, some time after the start and then every week. */
import { type ChildProcess, spawn } from 'node:child_process'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { damageOf, QUICK_CHECK } from './open-storage.ts'

const FIRST_AFTER_MS = 10_000
const EVERY_MS = 7 * DAY_MS
/** A check that could not be made is made so much later. */
const AGAIN_AFTER_MS = HOUR_MS
const LONGEST_MS = HOUR_MS

export interface IntegrityState {
  /** `error`: the store is damaged, whoever noticed it. */
  state: 'waiting' | 'running' | 'ok' | 'error'
  /** When the last check ended, or the damage was noticed. */
  at: number | null
  /** What is damaged. */
  found: string | null
}

export class Integrity {
  readonly #folder: string
  readonly #clock: () => number
  #timer: NodeJS.Timeout | undefined
  #running: ChildProcess | undefined
  #checkedAt: number | null = null

  /** `folder`: where the store's file is. */
  constructor(folder: string, clock: () => number) {
    this.#folder = folder
    this.#clock = clock
  }

  start(): void {
    this.#schedule(FIRST_AFTER_MS)
  }

  get state(): IntegrityState {
    const damage = damageOf(this.#folder)
    if (damage) return { state: 'error', at: Date.parse(damage.noticed), found: damage.what }
    const state = this.#running ? 'running' : this.#checkedAt === null ? 'waiting' : 'ok'
    return { state, at: this.#checkedAt, found: null }
  }

  /** Ends a check that is under way. */
  close(): void {
    clearTimeout(this.#timer)
    this.#running?.removeAllListeners('exit')
    this.#running?.kill('SIGKILL')
  }

  #schedule(delay: number): void {
    this.#timer = setTimeout(() => this.#check(), delay).unref()
  }

  #check(): void {
    const child = spawn(process.execPath, [QUICK_CHECK, this.#folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    })
    this.#running = child
    // Without a process there is no end of one; it is told in the same way.
    child.once('error', () => child.emit('exit', null))
    child.once('exit', code => {
      this.#running = undefined
      if (code === 0) this.#checkedAt = this.#clock()
      else process.emitWarning('the file of the store could not be checked; it is tried again in an hour')
      this.#schedule(code === 0 ? EVERY_MS : AGAIN_AFTER_MS)
    })
  }
}
