/** Whom an alert is mailed to: the artist as the catalogue knows it, or an address that the request may name. */
import { invalidInput, ServiceError } from '../errors.ts'
import { addressKey, asciiAddress } from '../identity/email-address.ts'
import type { RecipientRule } from '../settings/mail-settings.ts'
import type { AlertContext, Contact } from './ports.ts'

/**
 * Address and name of the artist in the catalogue. One that was a mere name when its alert was recorded may be known by now.
 * Rejects where the catalogue does not answer.
 */
export async function contactOf(
  artistId: string,
  { figures, catalogue }: Pick<AlertContext, 'figures' | 'catalogue'>,
): Promise<Contact> {
  const { id } = await figures.artistOf(artistId)
  const artist = await catalogue?.artist(id)
  return { email: artist?.email ?? null, name: artist?.name ?? null }
}

/** The address that a request names; null where it names none. @throws ServiceError 400 `email_invalid` */
export function namedAddress(notifyEmail: string | null | undefined): string | null {
  if (!notifyEmail) return null
  if (asciiAddress(notifyEmail) !== null) return notifyEmail
  throw invalidInput([{ path: 'notifyEmail', code: 'email_invalid', message: 'must be one e-mail address' }])
}

/**
 * Checks that a request may name the address, so that the service is no relay for anybody's mail. `ownAddress`: the
 * artist's in the catalogue.
 * @throws ServiceError 403 `recipient_not_allowed`
 */
export async function checkRecipient(
  address: string,
  rule: RecipientRule,
  ownAddress: () => Promise<string | null>,
): Promise<void> {
  if (rule === 'any') return
  const key = addressKey(address)
  if (rule === 'catalogue') {
    const own = await ownAddress()
    if (own === null || addressKey(own) !== key) throw notAllowed("the artist's address in the catalogue")
  } else if (!rule.includes(key.slice(key.lastIndexOf('@') + 1))) {
    throw notAllowed(`an address of ${new Intl.ListFormat('en', { type: 'disjunction' }).format(rule)}`)
  }
}

function notAllowed(allowed: string): ServiceError {
  const message = `must be ${allowed}, or be absent, as ALERT_RECIPIENTS says; with an admin key it may be any address`
  const fault = { path: 'notifyEmail', code: 'recipient_not_allowed', message }
  return new ServiceError(403, fault.code, `${fault.path}: ${message}`, { faults: [fault] })
}
