/** Alerts: asked for or found by the service itself, recorded once, and mailed by the outbox. */
import { cursorAt, orderOf } from '../cursor.ts'
import { invalidInput } from '../errors.ts'
import type { AlertCounts, AlertRule } from '../queries/alert-windows.ts'
import type { NamedArtist } from '../queries/named-artist.ts'
import type { Documents, StoredDocument } from '../storage/storage.ts'
import { asciiAddress, masked } from './address.ts'
import {
  type Alert,
  type AlertKind,
  alertText,
  COLLECTION,
  COOLDOWN_MS,
  cooldownMs,
  DEFAULT_RULE,
  MAX_ALERTS,
  newestAlert,
  parseAlert,
  type Trigger,
  triggersOf,
} from './alert.ts'
import { AlertGroups } from './alert-groups.ts'
import { EvaluationLoop } from './evaluation.ts'
import type { Mailer } from './mailer.ts'
import { Outbox, type OutboxState, type Recipient } from './outbox.ts'

/** null and absent mean the defaults. */
export interface AlertRequest {
  /** Any form of the artist's id, or its name. */
  artistId: string
  windowMinutes?: number | null
  thresholds?: Partial<Record<AlertKind, number | null>> | null
  notifyEmail?: string | null
}

/** A variant of what `POST /api/stats/alerts` answers. */
export interface AlertAnswer {
  triggered: boolean
  reason?: 'cooldown'
  /** Seconds, at least 1. */
  cooldown_remaining?: number
  details?: AlertCounts
  triggers?: Trigger[]
  email?: { recipient: string | null; sent: boolean; error: string | null }
}

export interface PastAlert {
  id: string
  artistId: string
  /** ISO 8601. */
  at: string
  triggers: Trigger[]
  details: AlertCounts
  /** Masked. */
  recipient: string | null
  status: 'pending' | 'sent' | 'failed' | 'unknown' | 'none'
  attempts: number
  /** Addresses in it are masked. */
  error: string | null
}

export interface AlertsOptions {
  documents: Documents
  /** Epoch milliseconds. */
  clock: () => number
  /** Names this run of the process: no other one, before or after, has it. */
  instance: string
  /** The artist that an id or a name means. */
  artistOf: (asked: string) => Promise<NamedArtist>
  /** What the artist has in the last `windowMs` milliseconds. */
  countsOf: (artistId: string, windowMs: number) => Promise<AlertCounts>
  /** The artists, without those of `except`, that reach a threshold of the rule now. */
  breaching: (rule: AlertRule, except: string[]) => Promise<{ artistId: string; counts: AlertCounts }[]>
  /** The artist's address and name as the catalogue has them. Rejects where it is not available now. */
  recipientOf: (artistId: string) => Promise<Recipient>
  /** null: `SMTP_HOST` is not set. */
  mailer: Mailer | null
  /** Nobody else can have the store. */
  soleInstance: boolean
  log?: (error: unknown) => void
  monotonic?: () => number
}

const MINUTE_MS = 60_000
/** How long a request waits for its e-mail. */
const PATIENCE_MS = 10_000
/** Artists that are known not to need an evaluation. */
const MAX_COOLING = 20_000
/** After this time an alert that waits is looked at again. */
const RECHECK_MS = 60_000
const NO_MAILER = 'SMTP_HOST is not set'

export class Alerts {
  readonly #options: AlertsOptions
  readonly #groups: AlertGroups
  readonly #outbox: Outbox
  readonly #loop: EvaluationLoop
  /** Until when an artist needs no evaluation, in epoch milliseconds. */
  readonly #cooling = new Map<string, number>()
  #evaluating: Promise<number> | undefined

  constructor(options: AlertsOptions) {
    this.#options = options
    this.#groups = new AlertGroups(options.documents)
    this.#outbox = new Outbox(options)
    this.#loop = new EvaluationLoop(
      () => this.evaluate(),
      error => options.log?.(error),
    )
  }

  /** Takes up what an earlier run left unsent, and begins automatic evaluation. Never rejects. */
  async start(): Promise<void> {
    this.#loop.start()
    await this.#outbox.start()
  }

  /** Tells that events were projected. */
  ingested(): void {
    this.#loop.ingested()
  }

  /** Waits a few seconds at most for what is under way. To be called before the store is closed. */
  async close(): Promise<void> {
    await Promise.all([this.#loop.stop(), this.#outbox.close()])
  }

  /**
   * Compares, records, and mails; waits at most 10 seconds for the mail.
   * @throws ServiceError 400 `email_invalid`
   * @throws StoreUnavailable
   */
  async request({ artistId: asked, windowMinutes, thresholds, notifyEmail }: AlertRequest): Promise<AlertAnswer> {
    const email = notifyEmail || null
    if (email !== null && asciiAddress(email) === null) {
      throw invalidInput([{ path: 'notifyEmail', code: 'email_invalid', message: 'must be one e-mail address' }])
    }
    const artist = await this.#options.artistOf(asked)
    const { newest, nextId } = await this.#newest(artist)
    const cooldown = cooldownMs(newest, this.#options.clock(), 'request')
    if (cooldown > 0) return coolingDown(cooldown)
    const minutes = windowMinutes ?? DEFAULT_RULE.windowMs / MINUTE_MS
    const artistId = artist.id
    const counts = await this.#options.countsOf(artistId, minutes * MINUTE_MS)
    const triggers = triggersOf(counts, withDefaults(thresholds))
    if (triggers.length === 0) return { triggered: false, details: counts }
    const recipient = email ?? (this.#options.mailer ? null : await this.#knownAddress(artistId))
    const alert = this.#newAlert({ artistId, windowMinutes: minutes, counts, triggers, recipient, automatic: false })
    if (!(await this.#record(nextId, artist, alert))) return coolingDown(COOLDOWN_MS)
    return { triggered: true, details: counts, triggers, email: await this.#firstAttempt(nextId, alert) }
  }

  /**
   * Records an alert for every artist that reaches a default threshold and is not cooling down, and returns their
   * number. One run at a time: a call during one gets its result.
   * @throws StoreUnavailable
   */
  evaluate(): Promise<number> {
    this.#evaluating ??= this.#evaluateAll().finally(() => {
      this.#evaluating = undefined
    })
    return this.#evaluating
  }

  /** Newest first, of all artists, or of the one that an id or a name means. @throws ServiceError 400 `cursor_invalid` @throws StoreUnavailable */
  async history(page: { artistId?: string; limit: number; cursor?: string }): Promise<{
    items: PastAlert[]
    nextCursor: string | null
  }> {
    const before = page.cursor === undefined ? {} : { before: orderOf(page.cursor) }
    const artist = page.artistId === undefined ? null : await this.#options.artistOf(page.artistId)
    const group = artist ? { group: await this.#groups.of(artist.keys) } : {}
    const choice = { ...group, ...before, limit: page.limit + 1 }
    const documents = await this.#options.documents.list(COLLECTION, choice)
    const shown = documents.slice(0, page.limit)
    const last = shown.at(-1)
    return {
      items: shown.map(pastAlert),
      nextCursor: last && documents.length > page.limit ? cursorAt(last.order) : null,
    }
  }

  /** For health and metrics. */
  state(): OutboxState {
    return this.#outbox.state()
  }

  #newAlert(
    facts: Pick<Alert, 'artistId' | 'windowMinutes' | 'counts' | 'triggers' | 'recipient' | 'automatic'>,
  ): Alert {
    const at = this.#options.clock()
    const fate = this.#options.mailer
      ? { status: 'pending' as const, nextAttemptAt: at, error: null }
      : { status: 'none' as const, nextAttemptAt: null, error: NO_MAILER }
    return { ...facts, at, attempts: 0, ...fate }
  }

  async #newest({ keys }: NamedArtist) {
    return newestAlert(this.#options.documents, keys[0], await this.#groups.of(keys))
  }

  /** Says whether it was recorded: not where another request or process was faster. */
  #record(id: string, { keys: [key] }: NamedArtist, alert: Alert): Promise<boolean> {
    const document = { id, group: key, value: alertText(alert) }
    return this.#options.documents.add(COLLECTION, document, MAX_ALERTS)
  }

  async #firstAttempt(id: string, alert: Alert): Promise<NonNullable<AlertAnswer['email']>> {
    if (alert.status === 'none') return { recipient: alert.recipient, sent: false, error: alert.error }
    const tried = await this.#outbox.attempt(id, PATIENCE_MS)
    if (!tried) return { recipient: alert.recipient, sent: false, error: 'not sent yet; it is tried again' }
    return { recipient: tried.recipient, sent: tried.status === 'sent', error: tried.error }
  }

  async #knownAddress(artistId: string): Promise<string | null> {
    const { email } = await this.#options.recipientOf(artistId).catch(() => ({ email: null }))
    return email
  }

  async #evaluateAll(): Promise<number> {
    const now = this.#options.clock()
    for (const [artistId, until] of this.#cooling) if (until <= now) this.#cooling.delete(artistId)
    const breaches = await this.#options.breaching(DEFAULT_RULE, [...this.#cooling.keys()])
    let recorded = 0
    for (const { artistId, counts } of breaches) if (await this.#alertOf(artistId, counts)) recorded++
    return recorded
  }

  async #alertOf(artistId: string, counts: AlertCounts): Promise<boolean> {
    const now = this.#options.clock()
    const artist = await this.#options.artistOf(artistId)
    const { newest, nextId } = await this.#newest(artist)
    const cooldown = cooldownMs(newest, now, 'automatic')
    if (cooldown > 0) {
      this.#leaveAlone(artistId, now + (newest?.nextAttemptAt === null ? cooldown : RECHECK_MS))
      return false
    }
    const triggers = triggersOf(counts, DEFAULT_RULE.thresholds)
    if (triggers.length === 0) return false
    const windowMinutes = DEFAULT_RULE.windowMs / MINUTE_MS
    const alert = this.#newAlert({ artistId, windowMinutes, counts, triggers, recipient: null, automatic: true })
    const recorded = await this.#record(nextId, artist, alert)
    if (recorded && alert.status === 'pending') this.#outbox.post(nextId)
    this.#leaveAlone(artistId, now + RECHECK_MS)
    return recorded
  }

  #leaveAlone(artistId: string, until: number): void {
    this.#cooling.delete(artistId)
    this.#cooling.set(artistId, until)
    if (this.#cooling.size <= MAX_COOLING) return
    const [oldest] = this.#cooling.keys()
    if (oldest !== undefined) this.#cooling.delete(oldest)
  }
}

function coolingDown(ms: number): AlertAnswer {
  return { triggered: false, reason: 'cooldown', cooldown_remaining: Math.max(1, Math.ceil(ms / 1000)) }
}

function withDefaults(thresholds: AlertRequest['thresholds']): AlertCounts {
  const { plays, likes, follows } = DEFAULT_RULE.thresholds
  return {
    plays: thresholds?.plays ?? plays,
    likes: thresholds?.likes ?? likes,
    follows: thresholds?.follows ?? follows,
  }
}

function pastAlert(document: StoredDocument): PastAlert {
  const { artistId, at, triggers, counts, recipient, status, attempts, error } = parseAlert(document)
  return {
    id: document.id,
    artistId,
    at: new Date(at).toISOString(),
    triggers: [...triggers],
    details: counts,
    recipient: recipient && masked(recipient),
    status: status === 'sending' || status === 'handing-over' ? 'pending' : status,
    attempts,
    error: error && masked(error),
  }
}
