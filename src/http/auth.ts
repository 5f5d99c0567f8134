/** Keys of clients: who may write events, who may administer. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest, preParsingHookHandler } from 'fastify'
import { ServiceError } from '../errors.ts'

const digest = (key: string) => createHash('sha256').update(key).digest()

/** A set of keys, compared in constant time: neither a key nor its length can be found by measuring. */
export class Keys {
  readonly #digests: readonly Buffer[]

  constructor(keys: readonly string[]) {
    this.#digests = keys.map(digest)
  }

  get empty(): boolean {
    return this.#digests.length === 0
  }

  has(key: string): boolean {
    const sent = digest(key)
    return this.#digests.reduce((found, known) => timingSafeEqual(known, sent) || found, false)
  }
}

/** The key that a request carries, in `x-api-key` or as a bearer token. */
export function sentKey(request: FastifyRequest): string | undefined {
  const header = request.headers['x-api-key']
  if (typeof header === 'string' && header !== '') return header
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
}

/**
 * A hook that refuses requests without one of the keys with `401`. It runs after the rate limit, so that keys can't be
 * tried without limit, and before the body is read.
 */
export function requireKey(keys: Keys): preParsingHookHandler {
  return (request: FastifyRequest, reply: FastifyReply, payload, done) => {
    const key = sentKey(request)
    if (key !== undefined && keys.has(key)) return done(null, payload)
    reply.header('www-authenticate', 'Bearer realm="undersounds-stats"')
    const message = key === undefined ? 'This route needs an API key' : 'The API key is not valid for this route'
    done(new ServiceError(401, key === undefined ? 'key_required' : 'key_invalid', message))
  }
}
