/** The connections of the server, and what clients have left unfinished on them: a stop must not wait for that. */
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

/** The request has come completely, and its answer has not gone completely. */
const hasToBeAnswered = ({ request, response }: Exchange): boolean => request.complete && !response.writableFinished

/**
 * All connections of the process's servers: for a host such as `localhost`, which has two addresses, there are two
 * servers, of which Fastify shows one and waits for one.
 */
export class Connections {
  /** The exchanges of each connection, from the first one whose answer had not gone completely when the last one began. */
  readonly #open = new Map<Socket, Exchange[]>()

  /** To be made before anything listens. */
  constructor() {
    subscribe('net.server.socket', message => {
      const { socket } = message as { socket: Socket }
      this.#open.set(socket, [])
      socket.once('close', () => this.#open.delete(socket))
    })
    subscribe('http.server.request.start', message => {
      const exchange = message as Exchange
      const exchanges = this.#open.get(exchange.request.socket)
      if (!exchanges) return
      // No listener for the end of each: this is on the way of every event.
      while (exchanges[0]?.response.writableFinished) exchanges.shift()
      exchanges.push(exchange)
    })
  }

  /** The exchanges of which something is still to come, or to go. */
  *unfinished(): Generator<Exchange> {
    for (const exchanges of this.#open.values()) {
      for (const exchange of exchanges) {
        if (!exchange.request.complete || !exchange.response.writableFinished) yield exchange
      }
    }
  }

  /** Ends those on which nothing ever came, as browsers open them beforehand. */
  endUnused(): void {
    this.#end(socket => socket.bytesRead === 0)
  }

  /** Ends those on which no request has come completely; returns how many. What has come is answered. */
  cutUnsent(): number {
    return this.#end((_socket, exchanges) => !exchanges.some(hasToBeAnswered))
  }

  /** Ends all; returns how many. */
  cutAll(): number {
    return this.#end(() => true)
  }

  /** Resolves when there is none. */
  async ended(): Promise<void> {
    for (const socket of this.#open.keys()) if (!socket.closed) await once(socket, 'close')
  }

  #end(isMeant: (socket: Socket, exchanges: readonly Exchange[]) => boolean): number {
    const meant = [...this.#open].filter(([socket, exchanges]) => isMeant(socket, exchanges))
    for (const [socket] of meant) socket.destroy()
    return meant.length
  }
}
