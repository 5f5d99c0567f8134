/** Many requests from one address of the loopback, for a bounded time. */
import { Agent, request } from 'node:http'

export interface Flood {
  port: number
  /** The address that the requests come from. */
  address: string
  connections: number
  seconds: number
  /** The path of the next request. */
  path: () => string
  headers?: Record<string, string>
}

/** Asks on each connection again as soon as there is an answer; gives how many answers had which status. */
export async function flood({ port, address, connections, seconds, path, headers = {} }: Flood) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, localAddress: address })
  const statuses = new Map<number, number>()
  const end = performance.now() + seconds * 1000
  const one = async () => {
    while (performance.now() < end) {
      const status = await statusOf({ agent, host: '127.0.0.1', port, path: path(), headers })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  agent.destroy()
  return statuses
}

/** The status of the answer to one `GET` from this address. */
export function getFrom(address: string, port: number, path: string): Promise<number> {
  return statusOf({ host: '127.0.0.1', localAddress: address, port, path })
}

function statusOf(options: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(options, answer => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end()
  })
}
