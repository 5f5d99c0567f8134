/** What an attempt to hand a message to a mail server came to. */
import { cutText } from '../cut-text.ts'

/**
 * `temporary`: not delivered, may be tried again; `answered` where a working mail server said so. `permanent`: refused.
 * `unknown`: the whole message left, and no answer tells what became of it.
 */
export type SendOutcome =
  | { kind: 'sent' }
  | { kind: 'temporary'; error: string; answered: boolean }
  | { kind: 'permanent'; error: string }
  | { kind: 'unknown'; error: string }

export interface SmtpError extends Error {
  code?: string
  /** The code of the system or of TLS, where nodemailer has put its own in its place. */
  originalCode?: string
  /** What the server answered. */
  response?: string
  responseCode?: number
}

/** `error`: null where the server has accepted the message; `released`: whether the message's end may have left. */
export function outcomeOf(error: SmtpError | null, released: boolean): SendOutcome {
  if (!error && released) return { kind: 'sent' }
  if (!error) {
    return { kind: 'temporary', error: 'the mail server answered before the message was complete', answered: true }
  }
  const text = reasonOf(error)
  const reply = error.responseCode ?? 0
  if (isRefusal(error, released)) return { kind: 'permanent', error: text }
  if (released && reply < 400) return { kind: 'unknown', error: text }
  return { kind: 'temporary', error: text, answered: reply >= 400 && reply !== 421 && error.code !== 'EAUTH' }
}

/** A 5xx about this message. Not one about the log-in or the order of commands: those may be put right. */
function isRefusal({ code, response, responseCode: reply = 0 }: SmtpError, released: boolean): boolean {
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false
  // Without an answer it is a message that can't be put into SMTP at all.
  if (response === undefined) return !released
  return reply >= 500 && reply !== 503 && reply !== 530
}

/** Node's codes for a certificate that does not prove whose it is: expired, self-signed, or another host's. */
function isUntrusted({ originalCode = '' }: SmtpError): boolean {
  return /CERT|SIGNATURE|ISSUER|HOSTNAME_MISMATCH/.test(originalCode) && !originalCode.startsWith('ERR_SSL')
}

const MAX_REASON = 300

/** The error in one line, without an address being masked. */
export function reasonOf(error: SmtpError): string {
  const text = error.message.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  const advice = isUntrusted(error) ? " (the mail server's certificate; SMTP_TLS=insecure takes it unproven)" : ''
  return cutText(text || error.name, MAX_REASON) + advice
}
