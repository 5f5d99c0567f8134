/** Alerts: asked for or found by the service itself, recorded once, and mailed by the outbox. */

import { readPage } from '../cursor.ts'
import { invalidInput, unavailable } from '../errors.ts'
import { asciiAddress, masked } from '../identity/email-address.ts'
import type { AlertCounts, AlertRule } from '../statistics/alert-windows.ts'
import type { NamedArtist } from '../statistics/named-artist.ts'
import { ALERTS } from '../storage/collections.ts'
import type { Documents, StoredDocument } from '../storage/storage.ts'
import { StoredWaits } from '../storage/stored-waits.ts'
import { AddressCooldown } from './address-cooldown.ts'
import type { Recipient } from './addressing.ts'
import {
  type Alert,
  type AlertKind,
  alertText,
  DEFAULT_RULE,
  type KeptAlert,
  MAX_ALERTS,
  newestAlert,
  parseAlert,
  type Trigger,
  triggersOf,
} from './alert.ts'
import { AlertGroups, type Place } from './alert-groups.ts'
import { COOLDOWN_MS, cooldownLeft, noteCooldown } from './cooldown.ts'
import { EvaluationLoop } from './evaluation.ts'
import type { Mailer } from './mailer.ts'
import { Outbox, type OutboxState } from './outbox.ts'
import { checkRecipient, type RecipientRule } from './recipient-rule.ts'

/** null and absent mean the defaults. */
export interface AlertRequest {
  /** Any form of the artist's id, or its name. */
  artistId: string
  windowMinutes?: number | null
  thresholds?: Partial<Record<AlertKind, number | null>> | null
  notifyEmail?: string | null
  /** Who asks may name any address. */
  isAdmin?: boolean
}

/** A variant of what `POST /api/stats/alerts` answers. */
export interface AlertAnswer {
  triggered: boolean
  reason?: 'cooldown'
  /** What has had a mail: the artist, or the address that was named. */
  cooldown_of?: CooldownOf
  /** Seconds, at least 1. */
  cooldown_remaining?: number
  /** ISO 8601. */
  cooldown_until?: string
  details?: AlertCounts
  triggers?: Trigger[]
  email?: AlertEmail
}

export interface AlertEmail {
  recipient: string | null
  sent: boolean
  error: string | null
}

type CooldownOf = 'artist' | 'address'

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
  /** Whom a request may name that is not an admin's. */
  recipients: RecipientRule
  /** null: `SMTP_HOST` is not set. */
  mailer: Mailer | null
  /** Nobody else can have the store. */
  soleInstance: boolean
  log?: (error: unknown) => void
  /** Milliseconds that no change of the clock touches. */
  monotonic?: () => number
}

const MINUTE_MS = 60_000
/** How long a request waits for its e-mail. */
const PATIENCE_MS = 10_000
/** Artists that are known not to need an evaluation. */
const MAX_COOLING = 20_000
/** After this time an alert that waits is looked at again. */
const RECHECK_MS = 60_000
/** While so many alerts wait for their mail, none is taken that is asked for. */
export const MAX_WAITING_FOR_REQUEST = 10_000
/** While so many wait, the service records none of its own either: it does later, where the artist still has as much. */
const MAX_WAITING = 50_000
/** Seconds. */
const RETRY_AFTER = 60
/** After so many new alerts the oldest leave. */
const TRIM_EVERY = 100
const NO_MAILER = 'SMTP_HOST is not set'

export class Alerts {
  readonly #options: AlertsOptions
  readonly #groups: AlertGroups
  readonly #outbox: Outbox
  readonly #loop: EvaluationLoop
  readonly #monotonic: () => number
  readonly #waits: StoredWaits
  readonly #addresses: AddressCooldown
  /** Until when an artist needs no evaluation, in monotonic milliseconds. */
  readonly #cooling = new Map<string, number>()
  #evaluating: Promise<number> | undefined
  #added = 0

  constructor(options: AlertsOptions) {
    this.#options = options
    this.#groups = new AlertGroups(options.documents)
    this.#monotonic = options.monotonic ?? (() => performance.now())
    this.#waits = new StoredWaits(options.clock, this.#monotonic)
    this.#addresses = new AddressCooldown({ ...options, waits: this.#waits })
    this.#outbox = new Outbox({ ...options, waits: this.#waits })
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
   * @throws ServiceError 400 `email_invalid`, 403 `recipient_not_allowed`
   * @throws CatalogueUnavailable where whether the address is allowed depends on the catalogue, which does not answer
   * @throws ServiceError 503 where too many alerts wait for their mail: nothing is recorded then
   * @throws StoreUnavailable
   */
  async request(asked: AlertRequest): Promise<AlertAnswer> {
    const { windowMinutes, thresholds } = asked
    const email = namedAddress(asked)
    const artist = await this.#options.artistOf(asked.artistId)
    const artistId = artist.id
    const mayNameAny = asked.isAdmin || this.#options.recipients === 'any'
    if (email !== null && !mayNameAny) {
      await checkRecipient(
        email,
        this.#options.recipients,
        async () => (await this.#options.recipientOf(artistId)).email,
      )
    }
    const place = await this.#groups.next(artist.keys[0], { automatic: false })
    const cooling = await this.#coolingDown(artist, email)
    if (cooling) return cooling
    const minutes = windowMinutes ?? DEFAULT_RULE.windowMs / MINUTE_MS
    const counts = await this.#options.countsOf(artistId, minutes * MINUTE_MS)
    const triggers = triggersOf(counts, withDefaults(thresholds))
    if (triggers.length === 0) return { triggered: false, details: counts }
    if (this.#options.mailer && this.#outbox.waiting >= MAX_WAITING_FOR_REQUEST) {
      throw unavailable('too many alerts are waiting for their e-mail: nothing was recorded', RETRY_AFTER)
    }
    const recipient = email ?? (this.#options.mailer ? null : await this.#knownAddress(artistId))
    const alert = this.#newAlert({ artistId, windowMinutes: minutes, counts, triggers, recipient, automatic: false })
    if (!(await this.#record(place, alert))) return this.#cooldownAnswer('artist', COOLDOWN_MS)
    const tried = await this.#firstAttempt(place.id, alert)
    return {
      triggered: true,
      details: counts,
      triggers,
      email: mayNameAny || email !== null ? tried : withMasks(tried),
    }
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
    const { artistId, ...rest } = page
    const artist = artistId === undefined ? null : await this.#options.artistOf(artistId)
    const groups = artist && (await this.#groups.of(artist.keys))
    const group = groups ? [...groups.automatic, ...groups.asked] : undefined
    const choice = { ...rest, ...(group && { group }) }
    const { documents, nextCursor } = await readPage(this.#options.documents, ALERTS, choice)
    return { items: documents.map(pastAlert), nextCursor }
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
      ? { status: 'pending' as const, nextAttemptAt: at, waitMs: 0, error: null }
      : { status: 'none' as const, nextAttemptAt: null, error: NO_MAILER }
    return { ...facts, at, attempts: 0, ...fate }
  }

  /** Alerts that were asked for wait for each other and for the service's own; null where there is nothing to wait for. */
  async #coolingDown({ keys }: NamedArtist, email: string | null): Promise<AlertAnswer | null> {
    const groups = await this.#groups.of(keys)
    let left = 0
    for (const group of [groups.asked, groups.automatic]) {
      const newest = await newestAlert(this.#options.documents, group)
      left = Math.max(left, cooldownLeft(newest, 'request', this.#waits))
    }
    if (left > 0) return this.#cooldownAnswer('artist', left)
    const addressLeft = email && this.#options.mailer ? await this.#addresses.leftForRequest(email) : 0
    return addressLeft > 0 ? this.#cooldownAnswer('address', addressLeft) : null
  }

  #cooldownAnswer(of: CooldownOf, ms: number): AlertAnswer {
    return {
      triggered: false,
      reason: 'cooldown',
      cooldown_of: of,
      cooldown_remaining: Math.max(1, Math.ceil(ms / 1000)),
      cooldown_until: new Date(this.#options.clock() + ms).toISOString(),
    }
  }

  /** Says whether it was recorded: not where another request or process was faster. */
  async #record(place: Place, alert: Alert): Promise<boolean> {
    const document = { ...place, value: alertText(alert) }
    // The list of what waits may be long: it is not sent to the store with every alert.
    const spared = this.#added++ % TRIM_EVERY === 0 ? this.#outbox.unsent : null
    const max = spared ? MAX_ALERTS : Number.POSITIVE_INFINITY
    const isAdded = await this.#options.documents.add(ALERTS, document, max, spared ?? [])
    if (isAdded) noteCooldown({ id: place.id, alert }, this.#waits)
    return isAdded
  }

  async #firstAttempt(id: string, alert: Alert): Promise<AlertEmail> {
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
    const now = this.#monotonic()
    for (const [artistId, until] of this.#cooling) if (until <= now) this.#cooling.delete(artistId)
    const breaches = await this.#options.breaching(DEFAULT_RULE, [...this.#cooling.keys()])
    let recorded = 0
    for (const { artistId, counts } of breaches) if (await this.#alertOf(artistId, counts)) recorded++
    return recorded
  }

  async #alertOf(artistId: string, counts: AlertCounts): Promise<boolean> {
    if (this.#outbox.waiting >= MAX_WAITING) return false
    const artist = await this.#options.artistOf(artistId)
    const place = await this.#groups.next(artist.keys[0], { automatic: true })
    const { automatic: groups } = await this.#groups.of(artist.keys)
    const newest = await newestAlert(this.#options.documents, groups)
    const cooldown = cooldownLeft(newest, 'automatic', this.#waits)
    if (cooldown > 0) {
      this.#leaveAlone(artistId, isOver(newest) ? cooldown : RECHECK_MS)
      return false
    }
    const triggers = triggersOf(counts, DEFAULT_RULE.thresholds)
    if (triggers.length === 0) return false
    const windowMinutes = DEFAULT_RULE.windowMs / MINUTE_MS
    const alert = this.#newAlert({ artistId, windowMinutes, counts, triggers, recipient: null, automatic: true })
    const isRecorded = await this.#record(place, alert)
    if (isRecorded && alert.status === 'pending') this.#outbox.post(place.id)
    this.#leaveAlone(artistId, RECHECK_MS)
    return isRecorded
  }

  #leaveAlone(artistId: string, ms: number): void {
    this.#cooling.delete(artistId)
    this.#cooling.set(artistId, this.#monotonic() + ms)
    if (this.#cooling.size <= MAX_COOLING) return
    const [oldest] = this.#cooling.keys()
    if (oldest !== undefined) this.#cooling.delete(oldest)
  }
}

/** Nothing more is to be done for it. */
function isOver(newest: KeptAlert | null): boolean {
  return newest?.alert.nextAttemptAt === null
}

/** The address that the request names; null where it names none. @throws ServiceError 400 `email_invalid` */
function namedAddress({ notifyEmail }: AlertRequest): string | null {
  if (!notifyEmail) return null
  if (asciiAddress(notifyEmail) !== null) return notifyEmail
  throw invalidInput([{ path: 'notifyEmail', code: 'email_invalid', message: 'must be one e-mail address' }])
}

/** For who may not name any address, and so is not told the one that the catalogue has. */
function withMasks({ recipient, sent, error }: AlertEmail): AlertEmail {
  return { recipient: recipient && masked(recipient), sent, error: error && masked(error) }
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
