/** Whom an alert that is asked for may be mailed to: a request must not make of the service a relay for anybody's mail. */
import { ServiceError } from '../errors.ts'
import { addressKey } from '../identity/email-address.ts'

/** `any` address; only the one that the `catalogue` has for the artist; or addresses of exactly these domains, in ASCII. */
export type RecipientRule = 'any' | 'catalogue' | readonly string[]

/**
 * Whether the address that a request names is one that it may name. `ownAddress`: the artist's in the catalogue.
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
