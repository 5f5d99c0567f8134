/** A clock for what waits in the background: tests put one of their own in its place. */
import { setTimeout as wait } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds that no change of the system's time touches. */
  now(): number
  /** Resolves after `ms` milliseconds, or earlier when `signal` aborts. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** The longest time that Node's timers take; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/** The real time. A pause keeps no process alive. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(Math.min(ms, LONGEST_MS), undefined, { signal, ref: false }).catch(() => {}),
}
