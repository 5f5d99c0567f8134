/**
 * Sends the e-mails of alerts, each at most once, whatever process dies when. Every step is a `swap` of the alert's
 * document, so that of several processes one does it: `pending` → `sending` claims it; `sending` → `handing-over` comes
 * before the end of the message leaves; after that it is never sent again unless the mail server itself says no.
 */

import { masked } from '../identity/email-address.ts'
import { ALERTS } from '../storage/collections.ts'
import { documentPages } from '../storage/document-pages.ts'
import { type StoredDocument, StoreUnavailable } from '../storage/storage.ts'
import { HOUR_MS } from '../units.ts'
import { Addressing, type AddressingOptions } from './addressing.ts'
import { type Alert, alertText, type KeptAlert, parseAlert, unclaimed } from './alert.ts'
import { type Attempt, afterAttempt, failed, GIVE_UP_MS, MAX_DELAY_MS } from './attempt.ts'
import { ClaimWatch } from './claim-watch.ts'
import { noteCooldown } from './cooldown.ts'
import type { Mailer } from './mailer.ts'
import { alertMail } from './message.ts'

export interface OutboxOptions extends AddressingOptions {
  /** Milliseconds that no change of the clock touches. */
  monotonic?: () => number
  /** Names this run of the process: no other one, before or after, has it. */
  instance: string
  /** null: there is no mail server. */
  mailer: Mailer | null
  /** Nobody else can have the store: claims found at the start are of the dead. */
  soleInstance: boolean
  log?: (error: unknown) => void
}

/** Numbers since the start, but for `pending`. */
export interface OutboxState {
  smtp: 'off' | 'ok' | 'failing'
  pending: number
  sent: number
  failed: number
  unknown: number
  retried: number
  lastError: string | null
}

/** Due at once. */
const NOW = Number.NEGATIVE_INFINITY
/** Mails under way at a time. */
const LANES = 3
/** How often, and how far back, the alerts of other processes are looked for. */
const SCAN_MS = 30_000
const SCAN_BACK_MS = 25 * HOUR_MS
const PAGE = 500
const STORE_RETRY_MS = 1000
/** The timer wakes at least so often, to look for what others left. */
const MAX_SLEEP_MS = 30_000
const CLOSE_MS = 4000

/** An alert that this process works on. `texts`: what its document may hold; the claim makes them unmistakable. */
interface Claim extends KeptAlert {
  texts: string[]
}

export class Outbox {
  readonly #options: OutboxOptions
  readonly #monotonic: () => number
  readonly #addressing: Addressing
  /** Pending alerts and when each is to be tried, in monotonic milliseconds. */
  readonly #due = new Map<string, number>()
  readonly #urgent: string[] = []
  readonly #working = new Map<string, Promise<void>>()
  readonly #claims: ClaimWatch
  readonly #waiting = new Map<string, ((alert: Alert | null) => void)[]>()
  readonly #counts = { sent: 0, failed: 0, unknown: 0, retried: 0 }
  #smtp: OutboxState['smtp']
  #lastError: string | null = null
  #complete = false
  #nextScan = 0
  #scanning: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #started = false
  #closed = false
  /** Closed, and what was under way has had its time. */
  #over = false

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#monotonic = options.monotonic ?? (() => performance.now())
    this.#addressing = new Addressing(options)
    this.#claims = new ClaimWatch({ ...options, monotonic: this.#monotonic })
    this.#smtp = options.mailer ? 'ok' : 'off'
  }

  /** Takes up what an earlier run left. Where the store is not available, that happens later. Never rejects. */
  async start(): Promise<void> {
    this.#started = true
    await this.#scan()
    this.#wake()
  }

  /** A pending alert that has just been recorded; it is tried at once. */
  post(id: string): void {
    this.#due.set(id, NOW)
    this.#urgent.push(id)
    this.#wake()
  }

  /** As `post`; resolves with the alert after its first attempt, or with null where that takes longer or another
   * process does it. Never rejects. */
  async attempt(id: string, waitMs: number): Promise<Alert | null> {
    const { promise, resolve } = Promise.withResolvers<Alert | null>()
    const others = this.#waiting.get(id) ?? []
    this.#waiting.set(id, [...others, resolve])
    const timer = setTimeout(() => resolve(null), waitMs)
    this.post(id)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  /** Does what is due; resolves when that is done. Never rejects. */
  async tick(): Promise<void> {
    await this.#scan()
    this.#fill()
    while (this.#working.size > 0) await Promise.all(this.#working.values())
    this.#arm()
  }

  /** How many alerts wait for an attempt, asked for or not. */
  get waiting(): number {
    return this.#due.size
  }

  /** The ids of all alerts whose mail may not have been sent yet; null while what an earlier run left is not known. */
  get unsent(): string[] | null {
    return this.#complete ? [...this.#due.keys(), ...this.#working.keys(), ...this.#claims.ids] : null
  }

  state(): OutboxState {
    const pending = new Set([...this.#due.keys(), ...this.#working.keys()]).size
    return { smtp: this.#smtp, pending, ...this.#counts, lastError: this.#lastError && masked(this.#lastError) }
  }

  /** Waits a few seconds at most for what is under way; the rest is left to the next run. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#idle(CLOSE_MS)
    this.#over = true
    this.#options.mailer?.close()
    await this.#idle(CLOSE_MS / 4)
  }

  async #idle(limitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, limitMs)
    await Promise.race([promise, Promise.all([...this.#working.values(), this.#scanning])])
    clearTimeout(timer)
  }

  #wake(): void {
    this.#fill()
    this.#arm()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    if (this.#closed || !this.#started) return
    const now = this.#monotonic()
    let sleep = this.#complete ? MAX_SLEEP_MS : STORE_RETRY_MS
    // A free lane would have taken what is due, so there is nothing to wake for before one is.
    if (this.#working.size < LANES) for (const at of this.#due.values()) sleep = Math.min(sleep, at - now)
    this.#timer = setTimeout(
      () => {
        void this.#scan().then(() => this.#wake())
      },
      Math.max(1, sleep),
    )
    this.#timer.unref()
  }

  /** Puts what is due into the free lanes. */
  #fill(): void {
    while (!this.#closed && this.#working.size < LANES) {
      const id = this.#nextDue()
      if (id === undefined) return
      this.#due.delete(id)
      const work = this.#work(id).then(alert => {
        this.#working.delete(id)
        if (alert !== undefined) for (const resolve of this.#waiting.get(id) ?? []) resolve(alert)
        this.#wake()
      })
      this.#working.set(id, work)
    }
  }

  #nextDue(): string | undefined {
    while (this.#urgent.length > 0) {
      const id = this.#urgent.shift()!
      if (this.#due.has(id) && !this.#working.has(id)) return id
    }
    const now = this.#monotonic()
    for (const [id, at] of this.#due) if (at <= now && !this.#working.has(id)) return id
    return undefined
  }

  /** One attempt; null where it is not for this process, undefined where the store refused and it is made again. */
  async #work(id: string): Promise<Alert | null | undefined> {
    try {
      const claim = await this.#claim(id)
      if (!claim) return null
      const attempt = await this.#send(claim)
      const outcome = await this.#settle(claim, attempt)
      await this.#addressing.settle(claim, attempt)
      return outcome
    } catch (error) {
      this.#report(error)
      this.#due.set(id, this.#monotonic() + STORE_RETRY_MS)
      return undefined
    }
  }

  /** null where there is nothing to do now, or somebody else was faster. @throws StoreUnavailable */
  async #claim(id: string): Promise<Claim | null> {
    const { documents, instance } = this.#options
    const document = await documents.get(ALERTS, id)
    if (!document) return null
    const alert = parseAlert(document)
    // A claim of one's own that is not under way: the store failed, but had written it.
    if (alert.status === 'sending' && alert.claim?.by === instance) return { id, alert, texts: [document.value] }
    if (alert.status !== 'pending') {
      this.#see(document)
      return null
    }
    const wait = this.#waitOf({ id, alert })
    if (wait > 0) {
      this.#due.set(id, this.#monotonic() + wait)
      return null
    }
    if (this.#lifeOf({ id, alert }) === 0) {
      await this.#finish({ id, alert, texts: [document.value] }, failed(alert, alert.error ?? 'not sent in time'))
      return null
    }
    const attempts = alert.attempts + 1
    const claimed: Alert = { ...alert, status: 'sending', attempts, claim: { by: instance, n: attempts } }
    const text = alertText(claimed)
    const won = await documents.swap(ALERTS, id, document.value, text)
    return won ? { id, alert: claimed, texts: [text] } : null
  }

  async #send(claim: Claim): Promise<Attempt> {
    const { mailer } = this.#options
    if (!mailer) return { kind: 'temporary', error: 'SMTP_HOST is not set', answered: false }
    const alert = await this.#addressing.filledIn(claim.alert)
    if ('failure' in alert) return alert.failure
    claim.alert = alert
    return this.#addressing.sendTo(claim, recipient =>
      mailer.send(alertMail(claim.id, { ...alert, recipient }), () => this.#handOver(claim)),
    )
  }

  /** Says whether the end of the message may leave: only once that it may is durable. */
  async #handOver(claim: Claim): Promise<boolean> {
    if (this.#over) return false
    const [from] = claim.texts
    claim.alert = { ...claim.alert, status: 'handing-over', sentAt: this.#options.clock() }
    const to = alertText(claim.alert)
    // Named before it is tried: where the store fails, it may have been written all the same.
    claim.texts.unshift(to)
    return this.#options.documents.swap(ALERTS, claim.id, from!, to)
  }

  #settle(claim: Claim, attempt: Attempt): Promise<Alert | null> {
    this.#note(attempt)
    return this.#finish(claim, afterAttempt(claim.alert, attempt, this.#options.clock(), this.#lifeOf(claim)))
  }

  #note(attempt: Attempt): void {
    if (attempt.kind !== 'sent') this.#lastError = attempt.error
    if (!this.#options.mailer || ['catalogue', 'nobody', 'address'].includes(attempt.kind)) return
    const failing = attempt.kind === 'unknown' || (attempt.kind === 'temporary' && !attempt.answered)
    this.#smtp = failing ? 'failing' : 'ok'
  }

  /**
   * Writes what became of a claim; the outcome is known here alone, so it is not given up while the process lives.
   * null where another process has taken the claim.
   */
  async #finish(claim: Claim, next: Alert): Promise<Alert | null> {
    const won = await this.#insist(async () => {
      const text = alertText(next)
      for (const from of claim.texts) {
        if (await this.#options.documents.swap(ALERTS, claim.id, from, text)) return true
      }
      // A swap that failed may have been written, now or by the time that it is looked for.
      const found = (await this.#options.documents.get(ALERTS, claim.id))?.value
      if (found !== undefined && claim.texts.includes(found)) throw new StoreUnavailable('a claim changed meanwhile')
      return found === text
    })
    if (!won) return null
    this.#count(next)
    const kept = { id: claim.id, alert: next }
    if (next.status === 'pending') this.#schedule(kept)
    else noteCooldown(kept, this.#options.waits)
    return next
  }

  #count({ status }: Alert): void {
    if (status === 'pending') this.#counts.retried++
    else if (status === 'sent' || status === 'failed' || status === 'unknown') this.#counts[status]++
  }

  async #insist<T>(write: () => Promise<T>): Promise<T | undefined> {
    while (true) {
      try {
        return await write()
      } catch (error) {
        this.#report(error)
        if (this.#over) return undefined
        await new Promise<void>(resolve => setTimeout(resolve, STORE_RETRY_MS).unref())
      }
    }
  }

  /** Looks for what others left or recorded; everything at first, then the newest part. Never two at once, never rejects. */
  #scan(): Promise<void> {
    this.#scanning ??= this.#look().finally(() => {
      this.#scanning = undefined
    })
    return this.#scanning
  }

  async #look(): Promise<void> {
    const { soleInstance, clock } = this.#options
    const now = this.#monotonic()
    if (this.#closed || !this.#started || (this.#complete && (soleInstance || now < this.#nextScan))) return
    try {
      await this.#lookAgain()
      await this.#lookBack(this.#complete ? clock() - SCAN_BACK_MS : Number.NEGATIVE_INFINITY)
      this.#complete = true
      this.#nextScan = now + SCAN_MS
    } catch (error) {
      this.#report(error)
    }
  }

  async #lookAgain(): Promise<void> {
    for (const id of this.#claims.ids) {
      const document = await this.#options.documents.get(ALERTS, id)
      if (document) await this.#take(document)
      else this.#claims.forget(id)
    }
  }

  async #lookBack(until: number): Promise<void> {
    for await (const page of documentPages(this.#options.documents, ALERTS, { limit: PAGE })) {
      for (const document of page) await this.#take(document)
      if (this.#closed || parseAlert(page.at(-1)!).at < until) return
    }
  }

  /** Schedules what is pending, and frees what a dead process had claimed. */
  async #take(document: StoredDocument): Promise<void> {
    if (!this.#see(document)) return
    this.#claims.forget(document.id)
    const alert = parseAlert(document)
    const rest = { ...unclaimed(alert), nextAttemptAt: null }
    const next: Alert =
      alert.status === 'sending'
        ? { ...rest, status: 'pending', nextAttemptAt: this.#options.clock(), waitMs: 0 }
        : { ...rest, status: 'unknown', error: 'the service stopped while it handed the message over' }
    const won = await this.#options.documents.swap(ALERTS, document.id, document.value, alertText(next))
    if (won && next.status === 'pending') this.#due.set(document.id, NOW)
    if (won) this.#count(next)
  }

  /** Says whether it is the claim of a dead process; schedules what nobody has claimed. */
  #see(document: StoredDocument): boolean {
    const alert = parseAlert(document)
    const { status } = alert
    if (status === 'sending' || status === 'handing-over') return this.#claims.isDead(document)
    this.#claims.forget(document.id)
    if (status === 'pending' && !this.#working.has(document.id)) this.#schedule({ id: document.id, alert })
    return false
  }

  #schedule(kept: KeptAlert): void {
    this.#due.set(kept.id, this.#monotonic() + this.#waitOf(kept))
  }

  /** Milliseconds until a pending alert is to be tried. */
  #waitOf({ id, alert }: KeptAlert): number {
    const { nextAttemptAt, waitMs = MAX_DELAY_MS } = alert
    return nextAttemptAt === null ? 0 : this.#options.waits.left(id, nextAttemptAt, waitMs)
  }

  /** Milliseconds after which an alert that was not sent is given up. */
  #lifeOf({ id, alert }: KeptAlert): number {
    return this.#options.waits.left(`life of ${id}`, alert.at + GIVE_UP_MS, GIVE_UP_MS)
  }

  #report(error: unknown): void {
    if (!this.#over && !(error instanceof StoreUnavailable)) this.#options.log?.(error)
  }
}
