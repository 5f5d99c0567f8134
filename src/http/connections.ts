/** The connections of the server, and the requests on them that are not finished. */
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request and its response. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

/**
 * All connections of the process's servers. For a host such as `localhost`, which has two addresses, there are two
 * servers, of which Fastify shows one and waits for one.
 */
class Connections {
  /** The exchanges of each connection, from the first one whose answer had not gone completely when the last one began. */
  readonly #open = new Map<Socket, Exchange[]>()

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
      // Finished ones are dropped here: a listener for the end of each would cost every event more.
      while (exchanges[0]?.response.writableFinished) exchanges.shift()
      exchanges.push(exchange)
    })
  }

  /** The last exchange that began on a connection; undefined where none has. */
  last(socket: Socket): Exchange | undefined {
    return this.#open.get(socket)?.at(-1)
  }

  /** The exchanges whose request has not come completely, or whose answer has not gone completely. */
  *unfinished(): Generator<Exchange> {
    for (const exchanges of this.#open.values()) {
      for (const exchange of exchanges) {
        if (!exchange.request.complete || !exchange.response.writableFinished) yield exchange
      }
    }
  }

  /** Closes those on which nothing ever came: browsers open some in advance. */
  closeUnused(): void {
    this.#close(socket => socket.bytesRead === 0)
  }

  /** Closes those on which no complete request waits for its answer; returns how many. */
  closeIncomplete(): number {
    return this.#close((_socket, exchanges) => !exchanges.some(hasToBeAnswered))
  }

  /** Closes all; returns how many. */
  closeAll(): number {
    return this.#close(() => true)
  }

  /** Resolves when all are closed. */
  async closed(): Promise<void> {
    for (const socket of this.#open.keys()) if (!socket.closed) await once(socket, 'close')
  }

  #close(isMeant: (socket: Socket, exchanges: readonly Exchange[]) => boolean): number {
    const meant = [...this.#open].filter(([socket, exchanges]) => isMeant(socket, exchanges))
    for (const [socket] of meant) socket.destroy()
    return meant.length
  }
}

const hasToBeAnswered = ({ request, response }: Exchange): boolean => request.complete && !response.writableFinished

/** One for the process, as the channels are that it listens to. */
export const connections = new Connections()
