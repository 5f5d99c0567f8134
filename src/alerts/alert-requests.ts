/** Alerts that are requested: compares an artist's counts with thresholds, records an alert, and sends its mail. */

import { unavailable } from '../errors.ts'
import { masked } from '../identity/email-address.ts'
import type { RecipientRule } from '../settings/mail-settings.ts'
import type { AlertCounts } from '../statistics/alert-windows.ts'
import type { NamedArtist } from '../statistics/named-artist.ts'
import { MINUTE_MS } from '../units.ts'
import { AddressCooldown } from './address-cooldown.ts'
import { type Alert, type AlertKind, DEFAULT_RULE, KINDS, newAlert, type Trigger, triggersOf } from './alert.ts'
import type { AlertHistory } from './alert-history.ts'
import { COOLDOWN_MS, cooldownLeft } from './cooldown.ts'
import type { Outbox } from './outbox.ts'
import type { AlertContext } from './ports.ts'
import { checkRecipient, contactOf, namedAddress } from './recipient.ts'

/** null and absent mean the defaults. */
export interface AlertRequest {
  /** Any form of the artist's id, or its name. */
  artistId: string
  windowMinutes?: number | null
  thresholds?: Partial<Record<AlertKind, number | null>> | null
  notifyEmail?: string | null
  /** An admin may name any address. */
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

/** How long a request waits for its e-mail. */
const MAIL_LIMIT_MS = 10_000
/** While so many alerts wait for their mail, no requested one is recorded. */
export const MAX_WAITING_FOR_REQUEST = 10_000
const RETRY_AFTER_SECONDS = 60

export class AlertRequests {
  readonly #context: AlertContext
  readonly #history: AlertHistory
  readonly #outbox: Outbox
  readonly #recipients: RecipientRule
  readonly #addresses: AddressCooldown

  /** `recipients`: whom a request may name that is not an admin's. */
  constructor(context: AlertContext, history: AlertHistory, outbox: Outbox, recipients: RecipientRule) {
    this.#context = context
    this.#history = history
    this.#outbox = outbox
    this.#recipients = recipients
    this.#addresses = new AddressCooldown(context)
  }

  /** As `Alerts.request`. */
  async answer(request: AlertRequest): Promise<AlertAnswer> {
    const { catalogue, figures, mailer, time } = this.#context
    const address = namedAddress(request.notifyEmail)
    catalogue?.onArtistRequested(request.artistId)
    const artist = await figures.artistOf(request.artistId)
    const mayNameAny = request.isAdmin || this.#recipients === 'any'
    if (address !== null && !mayNameAny) await this.#check(address, artist.id)
    const position = await this.#history.nextPosition(artist.keys[0], { automatic: false })
    const cooldown = await this.#cooldown(artist, address)
    if (cooldown) return cooldown
    const windowMinutes = request.windowMinutes ?? DEFAULT_RULE.windowMs / MINUTE_MS
    const counts = await figures.alertCounts(artist.id, windowMinutes * MINUTE_MS, time.clock())
    const triggers = triggersOf(counts, withDefaults(request.thresholds))
    if (triggers.length === 0) return { triggered: false, details: counts }
    this.#checkCapacity()
    const recipient = address ?? (mailer ? null : await this.#knownAddress(artist.id))
    const facts = { artistId: artist.id, windowMinutes, counts, triggers, recipient, automatic: false }
    const alert = newAlert(facts, time.clock(), mailer !== null)
    const isRecorded = await this.#history.add(position, alert, () => this.#outbox.unsent)
    if (!isRecorded) return this.#cooldownAnswer('artist', COOLDOWN_MS)
    const email = await this.#firstAttempt(position.id, alert)
    // Who may not name any address is not shown the one that the catalogue has.
    const isShown = mayNameAny || address !== null
    return { triggered: true, details: counts, triggers, email: isShown ? email : withMasks(email) }
  }

  async #check(address: string, artistId: string): Promise<void> {
    const ownAddress = async () => (await contactOf(artistId, this.#context)).email
    await checkRecipient(address, this.#recipients, ownAddress)
  }

  #checkCapacity(): void {
    if (!this.#context.mailer || this.#outbox.waiting < MAX_WAITING_FOR_REQUEST) return
    throw unavailable('too many alerts are waiting for their e-mail: nothing was recorded', RETRY_AFTER_SECONDS)
  }

  /** A requested alert keeps to the cooldowns of requested and of automatic ones; null where none is left. */
  async #cooldown({ keys }: NamedArtist, address: string | null): Promise<AlertAnswer | null> {
    const groups = await this.#history.groupsOf(keys)
    let left = 0
    for (const group of [groups.requested, groups.automatic]) {
      const newest = await this.#history.newest(group)
      left = Math.max(left, cooldownLeft(newest, 'request', this.#context.time.waits))
    }
    if (left > 0) return this.#cooldownAnswer('artist', left)
    const addressLeft = address && this.#context.mailer ? await this.#addresses.leftForRequest(address) : 0
    return addressLeft > 0 ? this.#cooldownAnswer('address', addressLeft) : null
  }

  #cooldownAnswer(of: CooldownOf, ms: number): AlertAnswer {
    return {
      triggered: false,
      reason: 'cooldown',
      cooldown_of: of,
      cooldown_remaining: Math.max(1, Math.ceil(ms / 1000)),
      cooldown_until: new Date(this.#context.time.clock() + ms).toISOString(),
    }
  }

  async #firstAttempt(id: string, alert: Alert): Promise<AlertEmail> {
    if (alert.status === 'none') return { recipient: alert.recipient, sent: false, error: alert.error }
    const tried = await this.#outbox.sendNow(id, MAIL_LIMIT_MS)
    if (!tried) return { recipient: alert.recipient, sent: false, error: 'not sent yet; it is tried again' }
    return { recipient: tried.recipient, sent: tried.status === 'sent', error: tried.error }
  }

  async #knownAddress(artistId: string): Promise<string | null> {
    const { email } = await contactOf(artistId, this.#context).catch(() => ({ email: null }))
    return email
  }
}

function withMasks({ recipient, sent, error }: AlertEmail): AlertEmail {
  return { recipient: recipient && masked(recipient), sent, error: error && masked(error) }
}

function withDefaults(thresholds: AlertRequest['thresholds']): AlertCounts {
  const named = KINDS.map(kind => [kind, thresholds?.[kind] ?? DEFAULT_RULE.thresholds[kind]])
  return Object.fromEntries(named) as AlertCounts
}
