/**
 * Finds what other processes left or recorded: pending alerts, and the claims of dead processes. No clocks are compared: a
 * claimant is dead where its claim was seen unchanged for two minutes of this process's own time.
 */

import { ALERTS } from '../storage/collections.ts'
import { documentPages } from '../storage/document-pages.ts'
import { HOUR_MS } from '../units.ts'
import { type KeptAlert, parseAlert } from './alert.ts'
import { type Claim, type Claims, claimOf } from './claims.ts'
import type { AlertContext } from './ports.ts'

/** Longer than the look-up of a recipient and a whole mail may take, so that no claim of a living process is ended. */
const DEAD_AFTER_MS = 120_000
/** How often the alerts of other processes are read, and how far back. */
const EVERY_MS = 30_000
const READ_BACK_MS = 25 * HOUR_MS
const PAGE = 500

export class Recovery {
  readonly #context: AlertContext
  readonly #claims: Claims
  readonly #onPending: (kept: KeptAlert) => void
  /** Claims of others, and since when each has been seen unchanged, in monotonic milliseconds. */
  readonly #watched = new Map<string, { text: string; since: number }>()
  #nextAt = Number.NEGATIVE_INFINITY
  /** Whether everything was read once. */
  isComplete = false

  /** `onPending` is called with every pending alert that is found. */
  constructor(context: AlertContext, claims: Claims, onPending: (kept: KeptAlert) => void) {
    this.#context = context
    this.#claims = claims
    this.#onPending = onPending
  }

  /** The ids of claims whose claimant is not known to be dead. */
  get watched(): string[] {
    return [...this.#watched.keys()]
  }

  /**
   * Reads all alerts the first time, and those of a day every 30 seconds where others share the store; `signal` ends it
   * early. Returns the milliseconds until the next time. @throws StoreUnavailable
   */
  async run(signal?: AbortSignal): Promise<number> {
    const { documents, process, time } = this.#context
    const now = time.monotonic.now()
    if (now < this.#nextAt) return this.#nextAt - now
    for (const id of this.watched) {
      const document = await documents.get(ALERTS, id)
      if (document) await this.#recover(claimOf(document))
      else this.#watched.delete(id)
    }
    const until = this.isComplete ? time.clock() - READ_BACK_MS : Number.NEGATIVE_INFINITY
    for await (const page of documentPages(documents, ALERTS, { limit: PAGE })) {
      for (const document of page) await this.#recover(claimOf(document))
      if (signal?.aborted || parseAlert(page.at(-1)!).at < until) break
    }
    this.isComplete = true
    this.#nextAt = process.isAlone ? Number.POSITIVE_INFINITY : now + EVERY_MS
    return this.#nextAt - now
  }

  /** Begins to watch a claim of another process. */
  watch(claim: Claim): void {
    this.#isAbandoned(claim)
  }

  /** Whether a claim is of a dead process. One that is new here is watched from now on. */
  #isAbandoned({ id, alert, texts: [text = ''] }: Claim): boolean {
    const { process, time } = this.#context
    if (alert.claim?.by === process.instance) return false
    if (process.isAlone) return true
    const now = time.monotonic.now()
    const watched = this.#watched.get(id)
    if (watched?.text === text) return now - watched.since >= DEAD_AFTER_MS
    this.#watched.set(id, { text, since: now })
    return false
  }

  async #recover(claim: Claim): Promise<void> {
    const { id, alert } = claim
    const isClaimed = alert.status === 'sending' || alert.status === 'handing-over'
    if (isClaimed && !this.#isAbandoned(claim)) return
    this.#watched.delete(id)
    const found = isClaimed ? await this.#claims.succeed(claim) : alert
    if (found?.status === 'pending') this.#onPending({ id, alert: found })
  }
}
