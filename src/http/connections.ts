/** The connections of the server, and what clients have left unfinished on them: a stop must not wait for that. */
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * All connections of the process's servers: for a host such as `localhost`, which has two addresses, there are two
 * servers, of which Fastify shows one and waits for one.
 */
export class Connections {
  /** The requests of each connection whose answer has not gone completely. */
  readonly #open = new Map<Socket, Set<IncomingMessage>>()

  /** To be made before anything listens. */
  constructor() {
    subscribe('net.server.socket', message => {
      const { socket } = message as { socket: Socket }
      this.#open.set(socket, new Set())
      socket.once('close', () => this.#open.delete(socket))
    })
    subscribe('http.server.request.start', message => {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
      const requests = this.#open.get(request.socket)
      requests?.add(request)
      response.once('close', () => requests?.delete(request))
    })
  }

  /** Ends those on which nothing ever came, as browsers open them beforehand. */
  endUnused(): void {
    this.#end(socket => socket.bytesRead === 0)
  }

  /** Ends those on which no request has come completely; returns how many. What has come is answered. */
  cutUnsent(): number {
    return this.#end((_socket, requests) => !requests.values().some(({ complete }) => complete))
  }

  /** Ends all; returns how many. */
  cutAll(): number {
    return this.#end(() => true)
  }

  /** Resolves when there is none. */
  async ended(): Promise<void> {
    for (const socket of this.#open.keys()) if (!socket.closed) await once(socket, 'close')
  }

  #end(isMeant: (socket: Socket, requests: ReadonlySet<IncomingMessage>) => boolean): number {
    const meant = [...this.#open].filter(([socket, requests]) => isMeant(socket, requests))
    for (const [socket] of meant) socket.destroy()
    return meant.length
  }
}
