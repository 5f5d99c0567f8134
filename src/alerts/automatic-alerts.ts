/** Raises alerts by itself: soon after events came in, once a minute, and never for more than a share of the time. */

import { BackgroundLoop } from '../concurrency/background-loop.ts'
import type { Breach } from '../statistics/alert-windows.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { MINUTE_MS } from '../units.ts'
import { DEFAULT_RULE, newAlert, triggersOf } from './alert.ts'
import type { AlertHistory } from './alert-history.ts'
import { suppressedMs } from './alert-suppression.ts'
import { cooldownLeft } from './cooldown.ts'
import type { Outbox } from './outbox.ts'
import type { AlertContext } from './ports.ts'

/** Events that come in within this time are evaluated together. */
const GATHER_MS = 250
const EVERY_MS = MINUTE_MS
/** The greatest share of the time that evaluation takes, so that the thread of the figures has time for others. */
const DUTY_CYCLE = 0.05
const STORE_RETRY_MS = 1000
/** Artists that are known not to need an evaluation. */
const MAX_SKIPPED = 20_000
/** After this time an artist whose alert is not sent yet is evaluated again. */
const RECHECK_MS = MINUTE_MS
/** While so many alerts wait for their mail, none is raised; that happens later, where the counts are still reached. */
const MAX_WAITING = 50_000

export class AutomaticAlerts {
  readonly #context: AlertContext
  readonly #history: AlertHistory
  readonly #outbox: Outbox
  readonly #loop: BackgroundLoop
  /** Until when an artist needs no evaluation, in monotonic milliseconds. */
  readonly #skippedUntil = new Map<string, number>()

  constructor(context: AlertContext, history: AlertHistory, outbox: Outbox) {
    this.#context = context
    this.#history = history
    this.#outbox = outbox
    this.#loop = new BackgroundLoop({
      step: async () => {
        await this.evaluate()
        return EVERY_MS
      },
      retryMs: error => {
        if (error instanceof StoreUnavailable) return STORE_RETRY_MS
        context.log(error)
        return EVERY_MS
      },
      dutyCycle: () => DUTY_CYCLE,
      clock: context.time.monotonic,
    })
  }

  start(): void {
    this.#loop.start(GATHER_MS)
  }

  /** To be called when events were counted. */
  onEventsCounted(): void {
    this.#loop.wake(GATHER_MS)
  }

  /** Resolves when nothing runs any more. */
  stop(): Promise<void> {
    return this.#loop.stop()
  }

  /**
   * Records an alert for every artist that reaches a default threshold and is not cooling down, and returns their number.
   * @throws StoreUnavailable
   */
  async evaluate(): Promise<number> {
    const now = this.#context.time.monotonic.now()
    for (const [artistId, until] of this.#skippedUntil) if (until <= now) this.#skippedUntil.delete(artistId)
    let recorded = 0
    for (const breach of await this.#breaches()) if (await this.#raise(breach)) recorded++
    return recorded
  }

  async #breaches(): Promise<Breach[]> {
    const { documents, figures, time } = this.#context
    const now = time.clock()
    const windowMs = DEFAULT_RULE.windowMs - (await suppressedMs(documents, time.waits, DEFAULT_RULE.windowMs))
    if (windowMs <= 0) return []
    return figures.breachingArtists({ ...DEFAULT_RULE, windowMs }, now, [...this.#skippedUntil.keys()])
  }

  async #raise({ artistId, counts }: Breach): Promise<boolean> {
    if (this.#outbox.waiting >= MAX_WAITING) return false
    const { catalogue, figures, mailer, time } = this.#context
    catalogue?.onArtistRequested(artistId)
    const { keys } = await figures.artistOf(artistId)
    const position = await this.#history.nextPosition(keys[0], { automatic: true })
    const newest = await this.#history.newest((await this.#history.groupsOf(keys)).automatic)
    const cooldown = cooldownLeft(newest, 'automatic', time.waits)
    if (cooldown > 0) {
      const isOver = newest?.alert.nextAttemptAt === null
      this.#skip(artistId, isOver ? cooldown : RECHECK_MS)
      return false
    }
    const triggers = triggersOf(counts, DEFAULT_RULE.thresholds)
    if (triggers.length === 0) return false
    const windowMinutes = DEFAULT_RULE.windowMs / MINUTE_MS
    const facts = { artistId, windowMinutes, counts, triggers, recipient: null, automatic: true }
    const alert = newAlert(facts, time.clock(), mailer !== null)
    const isRecorded = await this.#history.add(position, alert, () => this.#outbox.unsent)
    if (isRecorded && alert.status === 'pending') this.#outbox.post(position.id)
    this.#skip(artistId, RECHECK_MS)
    return isRecorded
  }

  #skip(artistId: string, ms: number): void {
    this.#skippedUntil.delete(artistId)
    this.#skippedUntil.set(artistId, this.#context.time.monotonic.now() + ms)
    if (this.#skippedUntil.size <= MAX_SKIPPED) return
    const [oldest] = this.#skippedUntil.keys()
    if (oldest !== undefined) this.#skippedUntil.delete(oldest)
  }
}
