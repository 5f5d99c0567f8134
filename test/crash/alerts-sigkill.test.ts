/** Killed at any stage of an alert's e-mail, the service sends it once; where the outcome can't be known, at most once. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pTimeout from 'p-timeout'
import { startContentService } from '../../dev/content-service/server.ts'
import { json, post, postBatch, until } from '../support/http.ts'
import { ServiceProcess, temporaryFolder } from '../support/service-process.ts'

const ARTIST = '4'
const FOLLOWS = 11
/** An evaluation that takes three seconds, as on a busy machine, is followed by a pause of a minute. */
const LIMIT_MS = 90_000
/** Longer than events wait for their evaluation, and a due mail for its sending. */
const IDLE_MS = 700

/**
 * Where the mail server stops: before its greeting, before it answers to the command or to the whole message. At
 * `body` and `accepted` it goes on: there the kill hits the moments in which the service writes what it does.
 */
type Stage = 'greeting' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'end' | 'accepted'

interface Past {
  artistId: string
  status: string
  attempts: number
  error: string | null
}

const BEFORE_THE_END: Stage[] = ['greeting', 'MAIL', 'RCPT', 'DATA']

for (const stage of BEFORE_THE_END) {
  test(`killed at ${stage}: exactly one mail`, async t => {
    const crash = await Crash.at(t, stage)
    assert.equal(crash.server.messages.length, 0)
    await crash.restart()
    const { status, attempts } = await crash.outcome()
    assert.deepEqual([status, attempts], ['sent', 2])
    await crash.assertMails(1)
  })
}

test('killed when the whole message is there, without an answer: never sent again', async t => {
  const crash = await Crash.at(t, 'end')
  await crash.restart()
  const { status, attempts, error } = await crash.outcome()
  assert.deepEqual([status, attempts, typeof error], ['unknown', 1, 'string'])
  await crash.assertMails(1)
})

test('killed as the message goes over: at most one mail', async t => {
  const crash = await Crash.at(t, 'body')
  await crash.restart()
  const { status } = await crash.outcome()
  t.diagnostic(`${status}, ${crash.server.messages.length} mails`)
  assert.ok(status === 'sent' || status === 'unknown', status)
  const { length } = crash.server.messages
  assert.ok(length <= 1, `${length} mails`)
  await crash.assertMails(status === 'sent' ? 1 : length)
})

test('killed as the mail server accepts: exactly one mail', async t => {
  const crash = await Crash.at(t, 'accepted')
  await crash.restart()
  const { status, attempts } = await crash.outcome()
  t.diagnostic(status)
  assert.ok(status === 'sent' || status === 'unknown', status)
  assert.equal(attempts, 1)
  await crash.assertMails(1)
})

test('killed right after the events were accepted: exactly one mail', async t => {
  const crash = await Crash.prepare(t)
  await crash.ingestAndKill()
  assert.equal(crash.server.connections, 0)
  await crash.restart()
  const { status, attempts } = await crash.outcome()
  assert.deepEqual([status, attempts], ['sent', 1])
  await crash.assertMails(1)
})

class Crash {
  readonly server: MailServer
  readonly #dataDir: string
  readonly #env: NodeJS.ProcessEnv
  #service: ServiceProcess

  private constructor(server: MailServer, dataDir: string, env: NodeJS.ProcessEnv, service: ServiceProcess) {
    this.server = server
    this.#dataDir = dataDir
    this.#env = env
    this.#service = service
  }

  /** The service, a mail server and a catalogue, all running. */
  static async prepare(t: TestContext): Promise<Crash> {
    const content = await startContentService({ requestsPerMinute: null, emails: true })
    t.after(() => content.close())
    const server = await MailServer.start()
    t.after(() => server.stop())
    const dataDir = await temporaryFolder(t)
    const env = { CONTENT_SERVICE_URL: content.url, SMTP_HOST: '127.0.0.1', SMTP_PORT: String(server.port) }
    const crash = new Crash(server, dataDir, env, await ServiceProcess.start({ dataDir, env }))
    t.after(() => crash.#service.end('SIGKILL'))
    return crash
  }

  /** One breach, and the service killed as its mail is at this stage. */
  static async at(t: TestContext, stage: Stage): Promise<Crash> {
    const crash = await Crash.prepare(t)
    const reached = crash.server.stopAt(stage)
    await crash.#ingest(FOLLOWS)
    await pTimeout(reached, { milliseconds: LIMIT_MS, message: `no ${stage}` })
    await crash.#service.end('SIGKILL')
    return crash
  }

  async ingestAndKill(): Promise<void> {
    await this.#ingest(FOLLOWS)
    await this.#service.end('SIGKILL')
  }

  /** Starts the service again, with a mail server that stops nowhere. */
  async restart(): Promise<void> {
    await this.#service.end('SIGKILL')
    this.server.behave()
    this.#service = await ServiceProcess.start({ dataDir: this.#dataDir, env: this.#env })
  }

  /** The only alert, once nothing more is to be done for it. */
  async outcome(): Promise<Past> {
    await until(async () => {
      const [alert] = await this.#history()
      return alert !== undefined && alert.status !== 'pending'
    }, LIMIT_MS)
    const [alert, ...others] = await this.#history()
    assert.equal(alert?.artistId, ARTIST)
    assert.deepEqual(others, [])
    return alert
  }

  /** That the mail server has had so many whole messages, and gets no more, whatever comes in or is started. */
  async assertMails(count: number): Promise<void> {
    const before = await this.outcome()
    await this.#ingest(FOLLOWS)
    await this.#service.projected()
    await wait(IDLE_MS)
    await this.restart()
    const url = `${this.#service.url}/api/stats/alerts`
    assert.equal((await json(await post(url, { artistId: ARTIST }))).reason, 'cooldown')
    await wait(IDLE_MS)
    assert.deepEqual(await this.outcome(), before)
    assert.equal(this.server.messages.length, count)
    assert.ok(this.server.messages.every(text => text.includes(`To: artist${ARTIST}@example.com`)))
  }

  async #ingest(count: number): Promise<void> {
    const events = Array.from({ length: count }, (_, i) => ({
      eventType: 'artist.followed',
      timestamp: new Date().toISOString(),
      userId: `u${i}`,
      entityType: 'artist',
      entityId: ARTIST,
    }))
    const { accepted } = await json(await postBatch(this.#service.url, events))
    assert.equal(accepted, count)
  }

  async #history(): Promise<Past[]> {
    return json<Past[]>(await fetch(`${this.#service.url}/api/stats/alerts/history`))
  }
}

/** A mail server that stops at the stage that `stopAt` names. */
class MailServer {
  /** Whole messages that it has had, answered or not. */
  readonly messages: string[] = []
  connections = 0
  #server = createServer(socket => this.#serve(socket))
  #sockets = new Set<Socket>()
  #stage: Stage | undefined
  #onReached: () => void = () => {}

  static async start(): Promise<MailServer> {
    const server = new MailServer()
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves when a client has come to this stage. */
  stopAt(stage: Stage): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stage = stage
    this.#onReached = resolve
    return promise
  }

  behave(): void {
    this.#stage = undefined
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    socket.setEncoding('latin1')
    let came = ''
    let inMessage = false
    this.#answer(socket, 'greeting', '220 here')
    socket.on('data', (chunk: string) => {
      came += chunk
      if (inMessage && came !== '') this.#reached('body')
      for (let end = endOf(came, inMessage); end > 0; end = endOf(came, inMessage)) {
        const part = came.slice(0, end)
        came = came.slice(end)
        if (inMessage) {
          this.messages.push(part)
          this.#answer(socket, 'end', '250 accepted')
          this.#reached('accepted')
        } else this.#command(socket, part)
        inMessage = !inMessage && /^DATA\r\n/i.test(part)
      }
    })
  }

  #command(socket: Socket, line: string): void {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'QUIT') socket.end('221 bye\r\n')
    else this.#answer(socket, verb, verb === 'DATA' ? '354 go on' : '250 yes')
  }

  #answer(socket: Socket, stage: string, text: string): void {
    if (!this.#reached(stage)) socket.write(`${text}\r\n`)
  }

  #reached(stage: string): boolean {
    if (stage !== this.#stage) return false
    this.#onReached()
    return true
  }
}

/** Where the first line ends, or the message; 0: not yet. */
function endOf(text: string, inMessage: boolean): number {
  const mark = inMessage ? '\r\n.\r\n' : '\r\n'
  const at = text.indexOf(mark)
  return at < 0 ? 0 : at + mark.length
}
