/** A client as it should be: comes again later where it is asked to, and notices every answer that should not be. */
import { type Call, codeOf, HttpClient, problemCode, type Reply } from './http-client.ts'
import { pause } from './pause.ts'
import type { Run } from './run.ts'

const LONGEST_PAUSE_MS = 5_000
const USUAL_PAUSE_MS = 200
/** A broken connection is noticed before the end of the process behind it. */
const NOTICE_MS = 500

export class HonestClient {
  readonly #run: Run
  readonly #http: HttpClient
  readonly #key: string

  /** `number`: gives it an address of its own. */
  constructor(run: Run, number: number, key: string) {
    this.#run = run
    this.#http = new HttpClient(run.supervisor.port, `127.0.0.${10 + number}`)
    this.#key = key
  }

  /**
   * The answer, where it is of an `expected` status. Else undefined, after the pause that a client makes before it sends
   * the same again; whatever is neither `503` with `Retry-After`, nor `429`, nor for the service's being away, is a finding.
   */
  async ask(call: Call, expected: readonly number[] = [200]): Promise<Reply | undefined> {
    const begun = performance.now()
    const headers = { ...call.headers, 'x-api-key': this.#key }
    try {
      const reply = await this.#http.send({ ...call, headers })
      if (expected.includes(reply.status)) {
        this.#run.requests.add(`${reply.status}`)
        return reply
      }
      await this.#refused(call, reply, begun)
    } catch (error) {
      await this.#failed(call, codeOf(error), begun)
    }
    return undefined
  }

  close(): void {
    this.#http.close()
  }

  async #refused(call: Call, reply: Reply, begun: number): Promise<void> {
    const { status, headers } = reply
    const retryAfter = headers['retry-after']
    const code = problemCode(reply)
    this.#run.requests.add(`${status} ${code}`.trim())
    const isAllowed = status === 429 || (status === 503 && retryAfter !== undefined)
    if (!isAllowed && !(status >= 500 && (await this.#wasAwaySince(begun)))) {
      this.#run.findings.add(
        `honest request: ${status} ${code}${status === 503 ? ' without Retry-After' : ''}`,
        `${told(call)}\n  ${reply.text}`,
      )
    }
    const seconds = Number(retryAfter)
    await this.#pause(seconds >= 0 ? Math.min(seconds * 1000, LONGEST_PAUSE_MS) : USUAL_PAUSE_MS)
  }

  async #failed(call: Call, code: string, begun: number): Promise<void> {
    const isAway = await this.#wasAwaySince(begun)
    this.#run.requests.add(isAway ? 'service away' : code)
    if (!isAway) {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1)
      this.#run.findings.add(`honest request: ${code}`, `${told(call)} after ${seconds} s`)
    }
    await this.#pause(USUAL_PAUSE_MS)
  }

  async #wasAwaySince(begun: number): Promise<boolean> {
    if (!this.#run.supervisor.wasAwaySince(begun)) await this.#pause(NOTICE_MS)
    return this.#run.supervisor.wasAwaySince(begun)
  }

  #pause(ms: number): Promise<void> {
    return pause(ms, AbortSignal.timeout(LONGEST_PAUSE_MS))
  }
}

function told({ method, path, headers = {}, body }: Call): string {
  return `${method} ${path} ${JSON.stringify(headers)} (${body ? Buffer.byteLength(body) : 0} bytes)`
}
