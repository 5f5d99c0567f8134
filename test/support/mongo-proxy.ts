/** A way to MongoDB that loses or delays inserts into the event log, or takes nothing in, when it is told to. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { CHAIN } from '../../src/storage/mongo/event-chain.ts'

/**
 * `lose`: the insert never reaches the server. `loseAnswer`: it does, but nobody hears of it. `delay`: it is held until
 * `deliver`. The connection that it came on is closed.
 */
export type Fault = 'lose' | 'loseAnswer' | 'delay'

interface Told {
  fault: Fault
  thenAway: boolean
  hit: () => void
}

const OP_MSG = 2013
/** The element `insert: 'event_log'` of a command, in BSON. */
const INSERT = Buffer.concat([Buffer.from('\x02insert\0'), int32(CHAIN.length + 1), Buffer.from(`${CHAIN}\0`)])

export class MongoProxy {
  readonly #port: number
  readonly #listener: Server
  readonly #clients = new Set<Socket>()
  #told: Told | undefined
  #isAway = false
  #isDeaf = false
  #held: Buffer[] = []

  /** In front of the server at this port of 127.0.0.1. */
  static async open(port: number): Promise<MongoProxy> {
    const proxy = new MongoProxy(port)
    proxy.#listener.listen(0, '127.0.0.1')
    await once(proxy.#listener, 'listening')
    return proxy
  }

  private constructor(port: number) {
    this.#port = port
    this.#listener = createServer(client => this.#serve(client))
  }

  /** The driver looks for a lost server again after 50 ms instead of 500, so that a fault costs a test little time. */
  get uri(): string {
    const { port } = this.#listener.address() as AddressInfo
    return `mongodb://127.0.0.1:${port}/?minHeartbeatFrequencyMS=50`
  }

  /**
   * For the next insert into the event log only: its repetition passes, unless the proxy is `thenAway`. Resolves when it
   * has happened.
   */
  next(fault: Fault, { thenAway = false } = {}): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#told = { fault, thenAway, hit: resolve }
    return promise
  }

  /** Closes every connection, and each new one, until `back`. The port stays taken: nobody else gets this one's clients. */
  away(): void {
    this.#isAway = true
    for (const client of this.#clients) client.destroy()
  }

  back(): void {
    this.#isAway = false
  }

  /** Takes in nothing more that clients send, until `listen` or `reset`. */
  deafen(): void {
    this.#isDeaf = true
    for (const client of this.#clients) client.pause()
  }

  listen(): void {
    this.#isDeaf = false
    for (const client of this.#clients) client.resume()
  }

  /** Breaks every connection as a server does that is killed while it is sent something; takes new ones. */
  reset(): void {
    this.#isDeaf = false
    for (const client of this.#clients) client.resetAndDestroy()
  }

  /** Brings the held messages to the server, each on a connection of its own, and waits for the answers. */
  async deliver(): Promise<void> {
    for (const message of this.#held.splice(0)) {
      const server = connect(this.#port, '127.0.0.1')
      const { promise: answered, resolve, reject } = Promise.withResolvers<void>()
      server.once('error', reject).once('close', () => reject(new Error('the server gave no answer')))
      server.on(
        'data',
        eachMessage(answer => {
          if (responseTo(answer) === requestId(message)) resolve()
        }),
      )
      server.write(message)
      await answered
      server.destroy()
    }
  }

  async close(): Promise<void> {
    this.away()
    this.#listener.close()
    await once(this.#listener, 'close')
  }

  #serve(client: Socket): void {
    if (this.#isAway) return void client.destroy()
    const server = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    const losing = new Map<number, Told>()
    this.#clients.add(client)
    client.setNoDelay()
    if (this.#isDeaf) client.pause()
    client.on('error', () => {}).once('close', () => server.end())
    client.once('close', () => this.#clients.delete(client))
    server.on('error', () => {}).once('close', () => client.destroy())
    client.on(
      'data',
      eachMessage(request => {
        if (client.destroyed) return
        const told = isInsert(request) ? this.#told : undefined
        if (told) this.#told = undefined
        if (told?.fault === 'loseAnswer') losing.set(requestId(request), told)
        if (!told || told.fault === 'loseAnswer') return void server.write(request)
        if (told.fault === 'delay') this.#held.push(request)
        this.#cut(client, told)
      }),
    )
    server.on(
      'data',
      eachMessage(answer => {
        const told = losing.get(responseTo(answer))
        if (told) this.#cut(client, told)
        else client.write(answer)
      }),
    )
  }

  #cut(client: Socket, { thenAway, hit }: Told): void {
    client.destroy()
    if (thenAway) this.away()
    hit()
  }
}

/** Cuts a stream into messages: each begins with its length. */
function eachMessage(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return chunk => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= rest.readInt32LE()) {
      const length = rest.readInt32LE()
      take(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

const requestId = (message: Buffer): number => message.readInt32LE(4)
const responseTo = (message: Buffer): number => message.readInt32LE(8)
const isInsert = (message: Buffer): boolean => message.readInt32LE(12) === OP_MSG && message.includes(INSERT)
