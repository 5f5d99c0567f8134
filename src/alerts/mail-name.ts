/** The name of an artist in an e-mail. Others have chosen it, so it must be no more than a name there. */
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
 * Invisible characters, and marks of the reading direction, are removed; `$1` keeps emoji whole, and joiners where they are
 * spelling, as in Persian or Hindi.
 */
const INVISIBLE =
  /(\p{RGI_Emoji}|(?<=[[\p{L}\p{M}]--[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}]])[\u200c\u200d](?=\p{L}))|[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]/gv

/**
 * What makes a link where no space follows: many mail programs read a dot, a colon or an at sign between letters as a part
 * of an address, and so do they the other dots of domains and full-width forms.
 */
const LINKING = /([.:\u3002\uff0e\uff61\u2024\uff1a])(?=[^\s])/gu
const AT = /\s*[@\uff20\ufe6b]\s*/gu
/** `//host` and `\\host`. */
const SLASHES = /[/\\\uff0f\uff3c]{2,}|[\\\uff3c]/gu

/**
 * A name of the catalogue as a mail shows it: one short line without invisible characters, of which no program makes a link. `www.example.com` becomes `www. example. com`, `ana@example.com` `ana @ example. com`.
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
    .replace(INVISIBLE, '$1')
  const unlinked = line.replace(SLASHES, '/').replace(AT, ' @ ').replace(LINKING, '$1 ')
  return cutText(shortened(unlinked.trim(), max), MAX_UNITS)
}
