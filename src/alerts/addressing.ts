/** To which address an alert's e-mail goes, and whether it may go there now. */
import { cutText } from '../cut-text.ts'
import { asciiAddress } from '../identity/email-address.ts'
import { AddressCooldown, type AddressCooldownOptions } from './address-cooldown.ts'
import type { Alert, KeptAlert } from './alert.ts'
import type { Attempt } from './attempt.ts'

export interface Recipient {
  email: string | null
  name: string | null
}

export interface AddressingOptions extends AddressCooldownOptions {
  /** The artist's address and name as the catalogue has them. Rejects where it is not available now. */
  recipientOf: (artistId: string) => Promise<Recipient>
}

const LOOKUP_LIMIT_MS = 20_000
/** Where only the name is missing. */
const NAME_LIMIT_MS = 2000

export class Addressing {
  readonly #options: AddressingOptions
  readonly #cooldown: AddressCooldown

  constructor(options: AddressingOptions) {
    this.#options = options
    this.#cooldown = new AddressCooldown(options)
  }

  /** The alert with address and name filled in where they were missing; a name alone is worth no failure. */
  async filledIn(alert: Alert): Promise<Alert | { failure: Attempt }> {
    if (alert.recipient !== null && alert.artistName !== undefined) return alert
    try {
      const limitMs = alert.recipient === null ? LOOKUP_LIMIT_MS : NAME_LIMIT_MS
      const { email, name } = await limited(this.#options.recipientOf(alert.artistId), limitMs)
      return { ...alert, recipient: alert.recipient ?? email, ...(name === null ? {} : { artistName: name }) }
    } catch (error) {
      if (alert.recipient !== null) return alert
      return { failure: { kind: 'catalogue', error: `the e-mail address could not be looked up: ${reasonOf(error)}` } }
    }
  }

  /**
   * Sends to the alert's address what `send` sends there, once the address's hour is taken: an address gets one mail an hour. To be settled.
   * @throws StoreUnavailable
   */
  async sendTo(kept: KeptAlert, send: (address: string) => Promise<Attempt>): Promise<Attempt> {
    const { recipient } = kept.alert
    if (recipient === null) return { kind: 'nobody', error: 'no e-mail address is known' }
    const address = asciiAddress(recipient)
    if (address === null) return { kind: 'nobody', error: 'the e-mail address is not valid' }
    const waitMs = await this.#cooldown.take(address, kept)
    if (waitMs > 0) return { kind: 'address', error: this.#hadMail(waitMs), waitMs }
    return send(address)
  }

  /** The address's hour begins with what may have been delivered, and is given back where nothing was. */
  async settle(kept: KeptAlert, { kind }: Attempt): Promise<void> {
    const address = asciiAddress(kept.alert.recipient ?? '')
    const isTaken = kind !== 'catalogue' && kind !== 'nobody' && kind !== 'address'
    if (address !== null && isTaken) await this.#cooldown.settle(address, kept, kind === 'sent' || kind === 'unknown')
  }

  #hadMail(waitMs: number): string {
    const until = new Date(this.#options.clock() + waitMs).toISOString()
    return `the e-mail address has had a mail within the last hour, and gets no other before ${until}`
  }
}

async function limited<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('it took too long')), limitMs)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function reasonOf(error: unknown): string {
  return cutText(error instanceof Error ? error.message : String(error), 200)
}
