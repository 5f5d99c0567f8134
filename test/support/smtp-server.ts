/** A real mail server with STARTTLS and a log-in, that can be told to misbehave. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { after } from 'node:test'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { SmtpOptions } from '../../src/alerts/mailer.ts'

/** Key and certificate of `localhost`, self-signed, until 2120. */
export const SELF_SIGNED = readFileSync(join(import.meta.dirname, 'self-signed.pem'), 'utf8')

export const CREDENTIALS = { user: 'stats', pass: 'correct horse' }

/** What the server does next: a reply code at that stage, or it hangs up there, or never answers. */
export interface Manners {
  connect?: 'hang-up'
  mail?: number | 'hang-up'
  rcpt?: number | 'hang-up'
  /** Before any of the message has come. */
  data?: 'hang-up'
  /** When the whole message is there. */
  end?: number | 'hang-up' | 'silence'
  /** Milliseconds before the answer to the whole message. */
  delay?: number
}

export interface ReceivedMail {
  from: string
  to: string[]
  raw: string
  secure: boolean
  /** Whether the sender asked for addresses in UTF-8. */
  utf8: boolean
  user: string | undefined
}

export interface TestSmtpServer {
  config: SmtpOptions
  manners: Manners
  /** Whole messages that the server has had, whatever it answered to them. */
  received: ReceivedMail[]
  /** Those that it accepted. */
  accepted: ReceivedMail[]
  /** Passwords that were shown to it. */
  logins: number
  stop(): Promise<void>
}

interface SmtpServerOptions {
  login?: boolean
  startTls?: boolean
}

/** As `openSmtpServer`; stops after the tests of the file. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<TestSmtpServer> {
  const server = await openSmtpServer(options)
  after(server.stop)
  return server
}

/** Its certificate is self-signed, so that its settings say `insecure`. */
export async function openSmtpServer(options: SmtpServerOptions = {}): Promise<TestSmtpServer> {
  const { login = true, startTls = true } = options
  const state: Omit<TestSmtpServer, 'config' | 'stop'> = { manners: {}, received: [], accepted: [], logins: 0 }
  const server = new SMTPServer({
    authOptional: !login,
    disabledCommands: [...(login ? [] : ['AUTH']), ...(startTls ? [] : ['STARTTLS'])],
    allowInsecureAuth: !startTls,
    disableReverseLookup: true,
    key: SELF_SIGNED,
    cert: SELF_SIGNED,
    logger: false,
    closeTimeout: 50,
    onAuth: ({ username, password }, _, done) => {
      state.logins++
      const known = username === CREDENTIALS.user && password === CREDENTIALS.pass
      if (known) done(null, { user: username })
      else done(refusal(535))
    },
    onConnect: (session, done) => obey(state.manners.connect, session, done),
    onMailFrom: (_, session, done) => obey(state.manners.mail, session, done),
    onRcptTo: (_, session, done) => obey(state.manners.rcpt, session, done),
    onData: (stream, session, done) => {
      // A client that breaks off is no fault of the server.
      stream.on('error', () => {})
      if (state.manners.data) {
        socketOf(session)?.destroy()
        return
      }
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const mail = mailOf(session, Buffer.concat(chunks))
        const { end, delay = 0 } = state.manners
        state.received.push(mail)
        if (end === 'silence') return
        const answer = (error?: Error | null) => {
          if (!error) state.accepted.push(mail)
          done(error)
        }
        setTimeout(() => obey(end, session, answer), delay)
      })
    },
  })
  server.on('error', () => {})
  const socketOf = (session: SMTPServerSession) => {
    const connections = server.connections as Set<{ id: string; _socket: Socket }>
    return [...connections].find(({ id }) => id === session.id)?._socket
  }
  const obey = (
    manner: number | 'hang-up' | undefined,
    session: SMTPServerSession,
    done: (error?: Error | null) => void,
  ) => {
    if (manner === 'hang-up') socketOf(session)?.destroy()
    else done(manner === undefined ? null : refusal(manner))
  }
  const stop = () => new Promise<void>(resolve => server.close(() => resolve()))
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  const nobody = { user: null, pass: null }
  const config: SmtpOptions = { host: '127.0.0.1', port, tls: 'insecure', ...(login ? CREDENTIALS : nobody) }
  return Object.assign(state, { config, stop })
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('<ana@example.com> is not welcome'), { responseCode })
}

function mailOf({ envelope, secure, user }: SMTPServerSession, raw: Buffer): ReceivedMail {
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    raw: raw.toString('utf8'),
    secure,
    utf8: envelope.smtpUtf8 ?? false,
    user,
  }
}
