/** Settings of alert e-mails. */
import addressparser from 'nodemailer/lib/addressparser'
import { asciiAddress } from '../identity/email-address.ts'
import { isLoopback, parseHost } from './hosts.ts'
import type { Parsed, SettingsReader } from './settings-reader.ts'

const SMTP_TLS = ['verify', 'insecure', 'off'] as const

type SmtpTls = (typeof SMTP_TLS)[number]

/** `any` address; only the one that the `catalogue` has for the artist; or addresses of exactly these domains, in ASCII. */
export type RecipientRule = 'any' | 'catalogue' | readonly string[]

export interface MailSettings {
  /** null: alerts are evaluated but not mailed. */
  smtp: SmtpSettings | null
  /** Who mails are from; the address is in ASCII. */
  mailFrom: { name: string; address: string }
  /** Whom a request for an alert may name without an admin key. */
  alertRecipients: RecipientRule
}

interface SmtpSettings {
  host: string
  port: number
  user: string | null
  pass: string | null
  /** `verify`: certificates are checked; `insecure`: any is taken; `off`: nothing is encrypted. */
  tls: SmtpTls
}

/** `host`: where the service itself listens. */
export function readMail(read: SettingsReader, host: string): MailSettings {
  return {
    smtp: readSmtp(read),
    mailFrom: read.parsed('FROM_EMAIL', parseMailbox) ?? { name: SENDER, address: 'no-reply@undersounds.local' },
    // The old service's script client, which runs on the same machine, names its address.
    alertRecipients: read.parsed('ALERT_RECIPIENTS', parseRecipients) ?? (isLoopback(host) ? 'any' : 'catalogue'),
  }
}

function readSmtp(read: SettingsReader): SmtpSettings | null {
  const host = read.parsed('SMTP_HOST', parseHost)
  const port = read.integer('SMTP_PORT', 587, 1, 65_535)
  const user = read.text('SMTP_USER')
  const pass = read.text('SMTP_PASS')
  if (user !== null && pass === null) read.fault('SMTP_PASS', 'is needed because SMTP_USER is set')
  if (user === null && pass !== null) read.fault('SMTP_USER', 'is needed because SMTP_PASS is set')
  const tls = read.parsed('SMTP_TLS', parseSmtpTls) ?? 'verify'
  if (tls === 'off' && user !== null) {
    read.fault('SMTP_TLS', 'must not be off where SMTP_USER is set: the password would be sent for everybody to read')
  }
  return host === null ? null : { host, port, user, pass, tls }
}

function parseSmtpTls(text: string): Parsed<SmtpTls> {
  const tls = SMTP_TLS.find(known => known === text.toLowerCase())
  return tls ? { value: tls } : { rule: `must be one of ${SMTP_TLS.join(', ')}` }
}

function parseRecipients(text: string): Parsed<RecipientRule> {
  const word = text.toLowerCase()
  if (word === 'any' || word === 'catalogue') return { value: word }
  const domains = text.split(',').map(domain => asciiAddress(`x@${domain.trim()}`)?.slice(2) ?? '')
  // A single word that is no domain is a mistyped `any` or `catalogue`.
  return domains.every(domain => domain.includes('.') || domain === 'localhost')
    ? { value: domains }
    : { rule: 'must be any, catalogue, or a comma-separated list of domains, such as undersounds.com, example.org' }
}

/** The name that mails are from where `FROM_EMAIL` has none. */
const SENDER = 'UnderSounds'

/** An address, or `Name <address>`; a name may be quoted. */
function parseMailbox(text: string): Parsed<MailSettings['mailFrom']> {
  const [mailbox, ...others] = text.endsWith('>')
    ? addressparser(text, { flatten: true })
    : [{ name: '', address: text }]
  const address = asciiAddress(mailbox?.address ?? '')
  if (!mailbox || address === null || others.length > 0 || /[<>]/.test(mailbox.name) || /\p{Cc}/u.test(text)) {
    return { rule: 'must be one e-mail address, or Name <address>, with ASCII alone before the @' }
  }
  return { value: { name: mailbox.name || SENDER, address } }
}
