/** What a client goes on to send after its answer. */
import type { IncomingMessage } from 'node:http'

/** So much is read and forgotten, so that the client can take its answer; beyond it the connection ends. */
export const DRAINABLE_BYTES = 32 * 1024 * 1024

/** Reads and forgets the rest of a request that is answered, and that nobody reads any more. */
export function forgetRest(request: IncomingMessage): void {
  if (request.complete) return
  let forgotten = 0
  request.unpipe()
  request.on('data', (piece: Buffer) => {
    forgotten += piece.length
    if (forgotten > DRAINABLE_BYTES) request.destroy()
  })
  request.resume()
}
