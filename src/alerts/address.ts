/** E-mail addresses: what counts as one, and how they are shown to others. */

const PLAIN = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u
/** Also finds what a mail server quotes in its answers. */
const ANYWHERE = /([^\s@<>"'(),;:]+)@([^\s@<>"'(),;:]+)/g

/** Says whether the text is exactly one address: no name, no list, nothing that could begin another header. */
export function isPlainAddress(text: string): boolean {
  return text.length <= 254 && PLAIN.test(text)
}

/** `ana@example.com` → `a***@example.com`, for every address in the text. */
export function masked(text: string): string {
  return text.replace(ANYWHERE, (_, local: string, domain: string) => `${local.slice(0, 1)}***@${domain}`)
}
