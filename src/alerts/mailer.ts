/**
 * Hands a message to the mail server, one connection for each, and says exactly how far it came: the end of the
 * message is kept back until the caller allows it, so that nothing can have been delivered before.
 */
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import pTimeout from 'p-timeout'
import type { Mail } from './message.ts'
import { outcomeOf, reasonOf, type SendOutcome, type SmtpError } from './smtp-outcome.ts'

export interface Mailer {
  /**
   * Never rejects. `beforeLastChunk` is called at most once, when the server has agreed to receive the message; where it
   * resolves to false or rejects, the connection is broken off and nothing is delivered.
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

/** Bytes of the message's end that are kept back. */
const KEPT_BACK = 64

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
      const message = new GatedMessage(raw, beforeLastChunk)
      const connection = this.#connection()
      const failure = await this.#dialogue(connection, envelope, message).then(
        () => null,
        (error: SmtpError) => error,
      )
      // The caller must not decide after it has got the outcome.
      await message.decided()
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

  async #dialogue(connection: SMTPConnection, envelope: Envelope, message: GatedMessage): Promise<void> {
    this.#open.add(connection)
    const { promise: broken, reject } = Promise.withResolvers<never>()
    broken.catch(() => {})
    connection.on('error', reject)
    // Where there is a reason, the event 'error' follows the end.
    connection.on('end', () => {
      this.#open.delete(connection)
      setImmediate(() => reject(new Error('the connection was closed')))
    })
    try {
      await pTimeout(Promise.race([broken, this.#deliver(connection, envelope, message)]), {
        milliseconds: this.#limits.total,
        message: `took longer than ${this.#limits.total / 1000} seconds`,
      })
      connection.quit()
    } catch (error) {
      connection.close()
      throw error
    }
  }

  async #deliver(connection: SMTPConnection, envelope: Envelope, message: GatedMessage): Promise<void> {
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
class GatedMessage {
  readonly stream: Readable
  /** From here on the server may have the whole message. */
  released = false
  #gate: Promise<boolean> | undefined

  constructor(raw: Buffer, gate: () => Promise<boolean>) {
    this.stream = Readable.from(this.#parts(raw, gate))
  }

  /** Resolves when `beforeLastChunk` has been answered, where it was called. */
  async decided(): Promise<void> {
    await this.#gate?.catch(() => {})
  }

  async *#parts(raw: Buffer, gate: () => Promise<boolean>): AsyncGenerator<Buffer> {
    const cut = Math.max(0, raw.length - KEPT_BACK)
    yield raw.subarray(0, cut)
    this.#gate = gate()
    if (!(await this.#gate)) throw new Error('withdrawn before it was complete')
    if (this.stream.destroyed) return
    this.released = true
    yield raw.subarray(cut)
  }
}
