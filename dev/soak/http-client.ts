/** HTTP from an address of the loopback of one's own, so that the service can tell its clients apart. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** No answer of the service is nearly as large. */
const MAX_ANSWER_BYTES = 8 * 2 ** 20
const CONNECTIONS = 8
const PATIENCE_MS = 30_000

export interface Call {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

export class HttpClient {
  readonly #port: number
  readonly #from: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

  /** `from`: an address such as 127.0.0.2 */
  constructor(port: number, from: string) {
    this.#port = port
    this.#from = from
  }

  /** @throws Error with a `code`: `NO_ANSWER` after half a minute, `HUGE_ANSWER`, or what the system says */
  async send({ method, path, headers = {}, body }: Call, signal?: AbortSignal): Promise<Reply> {
    const patience = AbortSignal.timeout(PATIENCE_MS)
    const options = {
      ...{ host: '127.0.0.1', port: this.#port, localAddress: this.#from, agent: this.#agent },
      ...{ method, path, headers, signal: signal ? AbortSignal.any([signal, patience]) : patience },
    }
    try {
      return await exchange(options, body)
    } catch (error) {
      throw patience.aborted ? failure('NO_ANSWER') : error
    }
  }

  close(): void {
    this.#agent.destroy()
  }
}

function exchange(options: Parameters<typeof request>[1], body: Call['body']): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sending = request(options as object, answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        chunks.push(chunk)
        if (bytes > MAX_ANSWER_BYTES) sending.destroy(failure('HUGE_ANSWER'))
      })
      answer.once('error', reject)
      answer.once('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
      })
    })
    sending.once('error', reject)
    sending.end(body)
  })
}

const failure = (code: string): Error => Object.assign(new Error(code), { code })

/** What went wrong, short. */
export function codeOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string }
  return code ?? name ?? String(error)
}

/** The machine-readable code of a problem document; empty where the answer is none. */
export function problemCode({ text }: Reply): string {
  try {
    return (JSON.parse(text) as { code?: string }).code ?? ''
  } catch {
    return ''
  }
}
