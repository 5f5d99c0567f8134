/** How an artist is called in an e-mail: what others have chosen to be called must be no more than a name there. */
import { cutText, shortened } from '../cut-text.ts'

/** Characters as a reader counts them. */
const MAX_NAME = 100
/** An id may be whatever an event or a request says. */
const MAX_ID = 40
/** A character as a reader counts them may be made of many. */
const MAX_UNITS = 600

/** What breaks a line. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
/**
 * Emoji, and the joiners that are spelling in Persian or Hindi, stay as they are; what else nobody sees leaves, what turns the
 * direction of reading with it.
 */
const UNSEEN =
  /(\p{RGI_Emoji}|(?<=[[\p{L}\p{M}]--[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}]])[\u200c\u200d](?=\p{L}))|[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]/gv

/**
 * What makes a link where no space follows: of programs that show mails, many take a dot, a colon or an at sign between
 * letters for a part of an address, a domain's other dots and full-width forms too.
 */
const LINKING = /([.:\u3002\uff0e\uff61\u2024\uff1a])(?=[^\s])/gu
const AT = /\s*[@\uff20\ufe6b]\s*/gu
/** `//host` and `\\host`. */
const SLASHES = /[/\\\uff0f\uff3c]{2,}|[\\\uff3c]/gu

/**
 * A name of the catalogue as it stands in a mail: one line, bounded, with nothing that nobody sees and nothing that a program
 * makes a link of. `www.example.com` becomes `www. example. com`, `ana@example.com` `ana @ example. com`.
 */
export function nameInMail(name: string): string {
  return plain(name, MAX_NAME)
}

/** The same for an id, which is cut sooner. */
export function idInMail(id: string): string {
  return plain(id, MAX_ID)
}

function plain(text: string, max: number): string {
  const line = cutText(text, 2 * MAX_UNITS)
    .replace(BREAKS, ' ')
    .replace(UNSEEN, '$1')
  const unlinked = line.replace(SLASHES, '/').replace(AT, ' @ ').replace(LINKING, '$1 ')
  return cutText(shortened(unlinked.trim(), max), MAX_UNITS)
}
