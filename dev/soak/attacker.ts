/** What an attack has at hand, and how the answers to it are judged. */
import { gzipSync } from 'node:zlib'
import type { Random } from '../../bench/random.ts'
import { RawClient } from '../../test/support/raw-client.ts'
import { type Call, codeOf, HttpClient, problemCode } from './http-client.ts'
import { HOSTILE } from './ledger.ts'
import { pause } from './pause.ts'
import { KEYS, type Run } from './run.ts'

const ADDRESS = '127.0.0.66'
/** A bare connection waits so long for its answer. */
const RAW_PATIENCE_MS = 3_000
/** Whatever was asked: a client that asks too much, and a service that has no room or is being stopped. */
const ALWAYS_EXPECTED = [429, 503]

export class Attacker {
  /** Ends the attack. */
  readonly ending: AbortSignal
  readonly random: Random
  readonly #run: Run
  readonly #name: string
  readonly #http: HttpClient
  readonly #prefix: string
  #ids = 0

  constructor(run: Run, name: string, ending: AbortSignal) {
    this.#run = run
    this.#name = name
    this.ending = ending
    this.random = run.random
    this.#http = new HttpClient(run.supervisor.port, ADDRESS)
    this.#prefix = `${HOSTILE}${name}-${run.random.uuid()}`
  }

  /** An event that breaks no rule, if `more` breaks none. */
  event(more: object = {}): object {
    return {
      ...{ eventId: `${this.#prefix}-${this.#ids++}`, eventType: 'track.played', entityType: 'track', entityId: '1' },
      ...{ timestamp: new Date(Date.now() - 3_600_000).toISOString(), userId: 'a-listener-of-attacks' },
      ...{ metadata: { artistId: 'of-attacks' }, ...more },
    }
  }

  /**
   * The text and status of the answer, undefined where there is none. One of another status than the expected ones is a
   * finding; a broken connection is none. A key that may write events is sent where `headers` has none.
   */
  async send(call: Call, ...expected: number[]): Promise<{ status: number; text: string } | undefined> {
    if (this.ending.aborted) return undefined
    const begun = performance.now()
    this.#run.attacks.add(this.#name)
    try {
      const headers = { 'x-api-key': KEYS.hostile, ...call.headers }
      const reply = await this.#http.send({ ...call, headers }, this.ending)
      if (![...expected, ...ALWAYS_EXPECTED].includes(reply.status)) {
        const asked = `${call.method} ${call.path} ${JSON.stringify(headers)} ${String(call.body ?? '').slice(0, 200)}`
        const kind = `attack ${this.#name}: ${reply.status} ${problemCode(reply)}, where ${expected.join(' or ')} is right`
        if (!this.#run.supervisor.wasAwaySince(begun)) this.#run.findings.add(kind, `${asked}\n  ${reply.text}`)
      }
      return reply
    } catch (error) {
      const code = codeOf(error)
      if (code === 'HUGE_ANSWER') this.#found('an answer of more than 8 MB', `${call.method} ${call.path}`)
      if (code === 'NO_ANSWER' && !this.#run.supervisor.wasAwaySince(begun)) this.#found('no answer', call.path)
      return undefined
    }
  }

  /** Sends events as one body of JSON, compressed. */
  sendBatch(events: readonly unknown[], ...expected: number[]) {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const body = gzipSync(JSON.stringify(events))
    return this.send({ method: 'POST', path: '/api/stats/events/batch', headers, body }, ...expected)
  }

  /** Sends bytes as they are; gives the status of the answer, undefined where there is none. 5xx is a finding, but for 503. */
  async sendRaw(bytes: string | Buffer): Promise<number | undefined> {
    const client = await this.connect(bytes)
    if (!client) return undefined
    const answer = client.rest()
    answer.catch(() => {})
    await Promise.race([client.ended, pause(RAW_PATIENCE_MS, this.ending)])
    client.socket.destroy()
    const text = await answer.catch(() => '')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])
    if (status >= 500 && status !== 503) this.#found(`${status}`, `${String(bytes).slice(0, 300)}\n  ${text}`)
    return status
  }

  /** A connection on which these bytes have been sent; undefined where there is none to be had. */
  async connect(bytes: string | Buffer): Promise<RawClient | undefined> {
    if (this.ending.aborted) return undefined
    this.#run.attacks.add(this.#name)
    return RawClient.send(this.#run.supervisor.port, bytes).catch(() => undefined)
  }

  /** Something that the attack has shown. */
  #found(what: string, example: string): void {
    this.#run.findings.add(`attack ${this.#name}: ${what}`, example)
  }

  /** A check of the attack's own. */
  check(isRight: boolean, what: string, example: string): void {
    if (!isRight) this.#found(what, example)
  }

  close(): void {
    this.#http.close()
  }
}

export type Attack = (attacker: Attacker) => Promise<void>
