/** Sends the e-mails of alerts, each at most once: joins the queue of what is due, the claims, and the mail server. */
import pTimeout from 'p-timeout'
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { ALERTS } from '../storage/collections.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import type { Alert, KeptAlert } from './alert.ts'
import { afterAttempt, failed, untilAttempt, untilGivenUp } from './attempt.ts'
import { type Actor, type Claim, Claims, claimOf } from './claims.ts'
import { beginCooldown } from './cooldown.ts'
import { DeliveryQueue } from './delivery-queue.ts'
import type { AlertContext } from './ports.ts'
import { Recovery } from './recovery.ts'
import { Sender } from './sender.ts'

const STORE_RETRY_MS = 1000
const CLOSE_MS = 4000

export class Outbox {
  readonly #context: AlertContext
  readonly #sender: Sender
  readonly #claims: Claims
  readonly #recovery: Recovery
  readonly #queue: DeliveryQueue
  readonly #loop: BackgroundLoop
  /** Who waits for the first attempt at an alert. */
  readonly #onAttempt = new Map<string, (alert: Alert | null) => void>()
  /** Aborted when attempts that were under way at the end have had their time. */
  readonly #closed = new AbortController()

  constructor(context: AlertContext) {
    const { monotonic } = context.time
    this.#context = context
    this.#sender = new Sender(context)
    this.#claims = new Claims(context)
    this.#queue = new DeliveryQueue(
      monotonic,
      id => this.#attempt(id),
      () => this.#loop.wake(),
    )
    this.#recovery = new Recovery(context, this.#claims, kept => {
      if (!this.#queue.isUnderWay(kept.id)) this.#schedule(kept)
    })
    this.#loop = new BackgroundLoop({
      step: signal => this.#step(signal),
      retryMs: error => this.#retryMs(error),
      clock: monotonic,
    })
  }

  /** Finds what an earlier run left; where the store is not available, that happens later. Never rejects. */
  async start(): Promise<void> {
    await this.#recovery.run().catch(error => this.#retryMs(error))
    this.#loop.start()
  }

  /** Begins to send a pending alert that has just been recorded. */
  post(id: string): void {
    this.#queue.schedule(id, 0, { urgent: true })
    this.#queue.beginDue()
  }

  /**
   * As `post`; resolves with the alert after its first attempt, or with null where that takes longer than `limitMs` or
   * another process makes it. Never rejects.
   */
  async sendNow(id: string, limitMs: number): Promise<Alert | null> {
    const { promise, resolve } = Promise.withResolvers<Alert | null>()
    this.#onAttempt.set(id, resolve)
    this.post(id)
    const alert = await pTimeout(promise, { milliseconds: limitMs, fallback: () => null })
    this.#onAttempt.delete(id)
    return alert
  }

  get waiting(): number {
    return this.#queue.waiting
  }

  /** The ids of all alerts whose mail may not have been sent yet; null while what an earlier run left is not known. */
  get unsent(): string[] | null {
    return this.#recovery.isComplete ? [...this.#queue.ids, ...this.#recovery.watched] : null
  }

  /** How many mails wait, and how many were sent, failed and so on since the start. */
  state() {
    const { pending: retried, ...counts } = this.#claims.counts
    return { ...this.#sender.state, pending: this.#queue.ids.size, ...counts, retried }
  }

  /** Waits a few seconds at most for what is under way; the rest is left to the next run. */
  async close(): Promise<void> {
    const ended = Promise.all([this.#loop.stop(), this.#queue.close()])
    await pTimeout(ended, { milliseconds: CLOSE_MS, message: false })
    this.#closed.abort()
    this.#context.mailer?.close()
    await pTimeout(ended, { milliseconds: CLOSE_MS / 4, message: false })
  }

  async #step(signal: AbortSignal): Promise<number> {
    this.#queue.beginDue()
    const untilRecovery = await this.#recovery.run(signal)
    this.#queue.beginDue()
    return Math.min(untilRecovery, this.#queue.nextMs)
  }

  #schedule(kept: KeptAlert): void {
    this.#queue.schedule(kept.id, untilAttempt(kept, this.#context.time.waits))
  }

  /** One attempt; it is made again where the store refuses a step of it. Never rejects. */
  async #attempt(id: string): Promise<void> {
    try {
      const claim = await this.#claim(id)
      const alert = claim && (await this.#deliver(claim))
      this.#onAttempt.get(id)?.(alert)
    } catch (error) {
      this.#queue.schedule(id, this.#retryMs(error))
    }
  }

  /** null where no attempt is for this process to make now. @throws StoreUnavailable */
  async #claim(id: string): Promise<Claim | null> {
    const { documents, process, time } = this.#context
    const document = await documents.get(ALERTS, id)
    if (!document) return null
    const found = claimOf(document)
    const { status, claim, error } = found.alert
    // The store had written an earlier claim of this process, and failed.
    if (status === 'sending' && claim?.by === process.instance) return found
    if (claim) this.#recovery.watch(found)
    if (status !== 'pending') return null
    if (untilAttempt(found, time.waits) > 0) this.#schedule(found)
    else if (untilGivenUp(found, time.waits) > 0) return this.#claims.claim(found)
    else await this.#complete(found, failed(found.alert, error ?? 'not sent in time'), 'any')
    return null
  }

  /** The alert after the attempt; null where another process has taken it over. @throws StoreUnavailable */
  async #deliver(claim: Claim): Promise<Alert | null> {
    const { clock, waits } = this.#context.time
    const handOver = async () => !this.#closed.signal.aborted && this.#claims.handOver(claim)
    const attempt = await this.#sender.send(claim, handOver)
    const next = afterAttempt(claim.alert, attempt, clock(), untilGivenUp(claim, waits))
    const isOurs = await this.#complete(claim, next, 'claimant')
    await this.#sender.complete(claim, attempt)
    return isOurs ? next : null
  }

  /** Writes what became of an alert: only this process knows, so it tries again until the store takes it. */
  async #complete(claim: Claim, next: Alert, actor: Actor): Promise<boolean> {
    const { monotonic, waits } = this.#context.time
    while (true) {
      try {
        if (!(await this.#claims.move(claim, next, actor))) return false
        if (next.status === 'pending') this.#schedule({ ...claim, alert: next })
        else beginCooldown({ ...claim, alert: next }, waits)
        return true
      } catch (error) {
        if (this.#closed.signal.aborted) return false
        await monotonic.sleep(this.#retryMs(error), this.#closed.signal)
      }
    }
  }

  /** Milliseconds until a step that failed is made again. */
  #retryMs(error: unknown): number {
    if (!this.#closed.signal.aborted && !(error instanceof StoreUnavailable)) this.#context.log(error)
    return STORE_RETRY_MS
  }
}
