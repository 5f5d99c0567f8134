/** E-mail addresses: what counts as one, everywhere in the service, and how they are shown to others. */
import { domainToASCII } from 'node:url'

/** RFC 5321 has a quoted form with spaces and commas in it too: nobody uses it, and much can be hidden in it. */
const LOCAL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/
/** Joiners are spelling in some scripts. Whatever else a URL's host may hold is none of a domain's characters. */
const DOMAIN = /^[\p{L}\p{M}\p{N}\p{Join_Control}.-]+$/u
/** Letters, digits and hyphens; the last label is no number, which would make it an IP address. */
const ASCII_DOMAIN = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/
export const MAX_ADDRESS_LENGTH = 254
/** For the API's document: what it does not match is no address. What it matches, `asciiAddress` may still refuse. */
export const ADDRESS_PATTERN = String.raw`[^\s@]{1,64}@[^\s@]+`
/** Also finds what a mail server quotes in its answers. */
const ANYWHERE = /([^\s@<>"'(),;:])[^\s@<>"'(),;:]*@([^\s@<>"'(),;:]+)/gu

/**
 * The address in the form that every mail server takes, its domain in ASCII: `ana@ñandú.example` becomes
 * `ana@xn--and-6ma2c.example`. Null where the text is not exactly one address (no name, no list, nothing that could begin
 * another header), and where what stands before the `@` is not ASCII, which few servers take.
 */
export function asciiAddress(text: string): string | null {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
  if (!LOCAL.test(local) || !DOMAIN.test(domain)) return null
  const address = `${local}@${domainToASCII(domain)}`
  return address.length <= MAX_ADDRESS_LENGTH && ASCII_DOMAIN.test(address.slice(at + 1)) ? address : null
}

/** What two spellings of one address have in common: the domain in ASCII, and no capitals. */
export function addressKey(address: string): string {
  return (asciiAddress(address) ?? address).toLowerCase()
}

/** `ana@example.com` → `a***@example.com`, for every address in the text. */
export function masked(text: string): string {
  return text.replace(ANYWHERE, '$1***@$2')
}
