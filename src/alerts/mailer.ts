/**
 * Hands a message to the mail server, one connection for each, and says exactly how far it came: the end of the
 * message is held back until the caller allows it, so that before that nothing can have been delivered.
 */
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { cutText } from '../cut-text.ts'
import type { Mail } from './message.ts'

/**
 * `temporary`: not delivered, may be tried again; `answered` where a working mail server said so. `permanent`: refused.
 * `unknown`: the whole message left, and no answer tells what became of it.
 */
export type SendOutcome =
  | { kind: 'sent' }
  | { kind: 'temporary'; error: string; answered: boolean }
  | { kind: 'permanent'; error: string }
  | { kind: 'unknown'; error: string }

export interface Mailer {
  /**
   * Never rejects. `beforeLastChunk` is asked at most once, when the server has agreed to take the message; where it
   * says no or rejects, the connection is broken off and nothing is delivered.
   */
  send(mail: Mail, beforeLastChunk: () => Promise<boolean>): Promise<SendOutcome>
  /** Breaks off what is under way. */
  close(): void
}

/** The mail server, and how to connect to it. */
export interface SmtpOptions {
  host: string
  port: number
  user: string | null
  pass: string | null
  /** `verify`: certificates are checked; `insecure`: any is taken; `off`: nothing is encrypted. */
  tls: 'verify' | 'insecure' | 'off'
}

/** Who a mail is from. */
export interface Mailbox {
  name: string
  /** In ASCII. */
  address: string
}

/** Milliseconds. */
interface TimeLimits {
  connection: number
  greeting: number
  /** Silence of the server. */
  silence: number
  /** The whole of it. */
  total: number
}

const LIMITS: TimeLimits = { connection: 10_000, greeting: 10_000, silence: 30_000, total: 90_000 }

interface SmtpError extends Error {
  code?: string
  /** The code of the system or of TLS, where nodemailer has put its own in its place. */
  originalCode?: string
  /** What the server answered. */
  response?: string
  responseCode?: number
}

/** Bytes of the message's end that wait for the caller. */
const HELD_BACK = 64

export class SmtpMailer implements Mailer {
  readonly #config: SmtpOptions
  readonly #from: Mailbox
  readonly #limits: TimeLimits
  readonly #open = new Set<SMTPConnection>()

  constructor(config: SmtpOptions, from: Mailbox, { limits = {} }: { limits?: Partial<TimeLimits> } = {}) {
    this.#config = config
    this.#from = from
    this.#limits = { ...LIMITS, ...limits }
  }

  async send(mail: Mail, beforeLastChunk: () => Promise<boolean>): Promise<SendOutcome> {
    try {
      const { envelope, raw } = await compose(mail, this.#from)
      const message = new HeldBackMessage(raw, beforeLastChunk)
      const connection = this.#connection()
      const failure = await this.#dialogue(connection, envelope, message).then(
        () => null,
        (error: SmtpError) => error,
      )
      // What the caller decides meanwhile must not come after the outcome.
      await message.settled()
      return outcomeOf(failure, message.released)
    } catch (error) {
      return { kind: 'permanent', error: reasonOf(error as SmtpError) }
    }
  }

  close(): void {
    for (const connection of this.#open) connection.close()
  }

  #connection(): SMTPConnection {
    return new SMTPConnection({
      ...encryptionOf(this.#config),
      host: this.#config.host,
      port: this.#config.port,
      connectionTimeout: this.#limits.connection,
      greetingTimeout: this.#limits.greeting,
      socketTimeout: this.#limits.silence,
      socketCloseTimeout: 1000,
    })
  }

  async #dialogue(connection: SMTPConnection, envelope: Envelope, message: HeldBackMessage): Promise<void> {
    this.#open.add(connection)
    const { promise: broken, reject } = Promise.withResolvers<never>()
    broken.catch(() => {})
    connection.on('error', reject)
    // The reason, where there is one, is told right after the end.
    connection.on('end', () => {
      this.#open.delete(connection)
      setImmediate(() => reject(new Error('the connection was closed')))
    })
    const late = new Error(`took longer than ${this.#limits.total / 1000} seconds`)
    const timer = setTimeout(() => reject(late), this.#limits.total)
    try {
      await Promise.race([broken, this.#deliver(connection, envelope, message)])
      connection.quit()
    } catch (error) {
      connection.close()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async #deliver(connection: SMTPConnection, envelope: Envelope, message: HeldBackMessage): Promise<void> {
    const { user, pass } = this.#config
    await step(done => connection.connect(done))
    if (user !== null && pass !== null && connection.allowsAuth) {
      await step(done => connection.login({ credentials: { user, pass } }, done))
    }
    await step(done => connection.send(envelope, message.stream, done))
  }
}

/** How a connection is encrypted: on port 465 from the start on, else with STARTTLS where the server offers it. */
export function encryptionOf({ port, user, tls }: SmtpOptions) {
  const secure = port === 465 && tls !== 'off'
  return {
    secure,
    ignoreTLS: tls === 'off',
    // A password must never go out in the clear.
    requireTLS: !secure && user !== null,
    tls: { rejectUnauthorized: tls !== 'insecure' },
  }
}

function step(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start(error => (error ? reject(error) : resolve()))
  })
}

interface Envelope {
  from: string
  to: string
}

async function compose(mail: Mail, from: Mailbox): Promise<{ envelope: Envelope; raw: Buffer }> {
  const message = new MailComposer({
    from,
    to: { name: '', address: mail.recipient },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: mail.date,
    messageId: `<${mail.key}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  const { from: sender, to } = message.getEnvelope()
  const [recipient, ...others] = to
  if (!sender || !recipient || others.length > 0) throw new Error('the message needs one sender and one recipient')
  return { envelope: { from: sender, to: recipient }, raw: await message.build() }
}

/** A message whose end leaves only when its gate has opened. Nothing of it is read before the server asks for it. */
class HeldBackMessage {
  readonly stream: Readable
  /** From here on the server may have the whole message. */
  released = false
  #gate: Promise<boolean> | undefined

  constructor(raw: Buffer, gate: () => Promise<boolean>) {
    this.stream = Readable.from(this.#parts(raw, gate))
  }

  async settled(): Promise<void> {
    await this.#gate?.catch(() => {})
  }

  async *#parts(raw: Buffer, gate: () => Promise<boolean>): AsyncGenerator<Buffer> {
    const cut = Math.max(0, raw.length - HELD_BACK)
    yield raw.subarray(0, cut)
    this.#gate = gate()
    if (!(await this.#gate)) throw new Error('withdrawn before it was complete')
    if (this.stream.destroyed) return
    this.released = true
    yield raw.subarray(cut)
  }
}

function outcomeOf(error: SmtpError | null, released: boolean): SendOutcome {
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

function reasonOf(error: SmtpError): string {
  const text = error.message.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  const advice = isUntrusted(error) ? " (the mail server's certificate; SMTP_TLS=insecure takes it unproven)" : ''
  return cutText(text || error.name, MAX_REASON) + advice
}
