/** A client that leaves undone what it likes: a bare connection, to which bytes are written. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

export class RawClient {
  readonly socket: Socket
  /** Resolves when the server has ended the connection, or cut it. */
  readonly ended: Promise<unknown>

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => {})
    // `once` of the module would fail where the connection is cut.
    this.ended = new Promise(resolve => socket.once('close', resolve))
  }

  /** Connects, and has sent the bytes when it resolves. */
  static async send(port: number, bytes: string | Buffer = ''): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1')
    const client = new RawClient(socket)
    await once(socket, 'connect')
    if (bytes.length > 0) await new Promise(resolve => socket.write(bytes, resolve))
    return client
  }

  /** All that comes from now on, until the connection ends. */
  rest(): Promise<string> {
    return text(this.socket)
  }
}

/** A whole request as it goes over the wire. */
export function requestText(method: string, path: string, body = '', headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'x', 'content-length': String(Buffer.byteLength(body)), ...headers })
  return `${method} ${path} HTTP/1.1\r\n${lines.map(line => `${line.join(': ')}\r\n`).join('')}\r\n${body}`
}
