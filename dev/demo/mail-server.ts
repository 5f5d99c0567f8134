/** A mail server that takes every mail and keeps none, but for one address that it does not know. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface MailServer {
  /** The settings of a service that sends its mails here. */
  env: NodeJS.ProcessEnv
  close(): Promise<void>
}

/** `unknown`: the address to which no mail can be delivered. */
export async function startMailServer(unknown: string | undefined): Promise<MailServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 50,
    onRcptTo: ({ address }, _, done) => done(address === unknown ? unknownUser() : null),
    onData: (stream, _, done) => {
      stream.resume().on('end', () => done())
    },
  })
  // A client that breaks off is no fault of the server.
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    env: { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(port), SMTP_TLS: 'off' },
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

const unknownUser = (): Error => Object.assign(new Error('nobody has this address'), { responseCode: 550 })
