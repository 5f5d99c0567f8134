/** Room for bodies that are read as a whole: however many clients send large batches at once, memory stays bounded. */
import type { preParsingHookHandler, RequestPayload } from 'fastify'
import { unavailable } from '../errors.ts'

/** Bytes, after decoding, of all bodies under way; parsed, they take several times as much. */
const ROOM_BYTES = 64 * 2 ** 20

/**
 * A hook that refuses a request with `503` where its body no longer fits beside those that are under way, from their
 * first byte to their answer. What is read as a stream takes no room.
 */
export function keepRoom(): preParsingHookHandler {
  let taken = 0
  return (request, reply, payload, done) => {
    if (request.mediaType === 'application/x-ndjson') return done(null, payload)
    let own = 0
    payload.on('data', (chunk: Buffer) => {
      own += chunk.length
      taken += chunk.length
      if (taken > ROOM_BYTES) refuse(payload)
    })
    reply.raw.once('close', () => {
      taken -= own
    })
    done(null, payload)
  }
}

function refuse(payload: RequestPayload): void {
  const error = unavailable('too many large bodies are under way')
  // Fastify takes an error's `statusCode` for the answer to a body that failed.
  payload.emit('error', Object.assign(error, { statusCode: error.status }))
}
