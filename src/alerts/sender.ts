/** Sends one alert's e-mail: finds out the address, reserves its hour, and hands the message to the mail server. */
import pTimeout from 'p-timeout'
import { cutText } from '../cut-text.ts'
import { asciiAddress, masked } from '../identity/email-address.ts'
import { AddressCooldown } from './address-cooldown.ts'
import { NO_MAILER } from './alert.ts'
import { type Attempt, isUnsent } from './attempt.ts'
import type { Claim } from './claims.ts'
import { alertMail } from './message.ts'
import type { AlertContext } from './ports.ts'
import { contactOf } from './recipient.ts'

const LOOKUP_LIMIT_MS = 20_000
/** Where only the name is missing. */
const NAME_LIMIT_MS = 2000

export class Sender {
  readonly #context: AlertContext
  readonly #cooldown: AddressCooldown
  #smtp: 'off' | 'ok' | 'failing'
  #lastError: string | null = null

  constructor(context: AlertContext) {
    this.#context = context
    this.#cooldown = new AddressCooldown(context)
    this.#smtp = context.mailer ? 'ok' : 'off'
  }

  /** Whether the mail server answers, and why the last mail that was not sent was not; addresses in it are masked. */
  get state() {
    return { smtp: this.#smtp, lastError: this.#lastError && masked(this.#lastError) }
  }

  /**
   * Sends a claimed alert where its address has had no mail for an hour. `handOver` is asked before the end of the message
   * leaves. To be followed by `complete`. @throws StoreUnavailable
   */
  async send(claim: Claim, handOver: () => Promise<boolean>): Promise<Attempt> {
    const attempt = await this.#attempt(claim, handOver)
    if (attempt.kind !== 'sent') this.#lastError = attempt.error
    if (this.#context.mailer && !isUnsent(attempt.kind)) {
      const isFailing = attempt.kind === 'unknown' || (attempt.kind === 'temporary' && !attempt.answered)
      this.#smtp = isFailing ? 'failing' : 'ok'
    }
    return attempt
  }

  /** Begins the address's hour where the mail may have been delivered; where it was not, gives the reserved hour back. */
  async complete({ id, alert }: Claim, { kind }: Attempt): Promise<void> {
    const address = asciiAddress(alert.recipient ?? '')
    if (address === null || isUnsent(kind)) return
    await this.#cooldown.endReservation(address, { id, alert }, kind === 'sent' || kind === 'unknown')
  }

  async #attempt(claim: Claim, handOver: () => Promise<boolean>): Promise<Attempt> {
    const { mailer, time } = this.#context
    if (!mailer) return { kind: 'temporary', error: NO_MAILER, answered: false }
    const failure = await this.#fillIn(claim)
    if (failure !== null) return { kind: 'no-catalogue', error: failure }
    if (claim.alert.recipient === null) return { kind: 'no-address', error: 'no e-mail address is known' }
    const recipient = asciiAddress(claim.alert.recipient)
    if (recipient === null) return { kind: 'no-address', error: 'the e-mail address is not valid' }
    const waitMs = await this.#cooldown.reserve(recipient, claim)
    if (waitMs === 0) return mailer.send(alertMail(claim.id, { ...claim.alert, recipient }), handOver)
    const until = new Date(time.clock() + waitMs).toISOString()
    const error = `the e-mail address has had a mail within the last hour, and gets no other before ${until}`
    return { kind: 'address-cooldown', error, waitMs }
  }

  /** Fills in address and name where they are missing. Returns why the address is not known now; a name may stay missing. */
  async #fillIn({ alert }: Claim): Promise<string | null> {
    if (alert.recipient !== null && alert.artistName !== undefined) return null
    try {
      const { email, name } = await pTimeout(contactOf(alert.artistId, this.#context), {
        milliseconds: alert.recipient === null ? LOOKUP_LIMIT_MS : NAME_LIMIT_MS,
        message: 'it took too long',
      })
      alert.recipient ??= email
      if (name !== null) alert.artistName = name
    } catch (error) {
      const reason = cutText(error instanceof Error ? error.message : String(error), 200)
      if (alert.recipient === null) return `the e-mail address could not be looked up: ${reason}`
    }
    return null
  }
}
