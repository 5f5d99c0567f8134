/** Keys of clients: who may write events, who may administer. Which route takes which is in `access.ts`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { ServiceError } from '../errors.ts'
import { isWebToken } from '../settings/access-settings.ts'

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

/**
 * The key that a request carries, in `x-api-key` or as a bearer token. The platform's front end sends its users' token
 * with every request: that is no key, and as if nothing was sent.
 */
export function sentKey({ headers }: FastifyRequest): string | undefined {
  const header = headers['x-api-key']
  if (typeof header === 'string' && header !== '') return header
  if (headers.authorization === undefined) return undefined
  const token = /^Bearer +(\S+) *$/i.exec(headers.authorization)?.[1]
  return token === undefined || isWebToken(token) ? undefined : token
}

/**
 * A hook that refuses requests without one of the keys with `401`. It runs after the rate limit, so that keys can't be
 * tried without limit, and before the body is read.
 */
export function requireKey(keys: Keys): onRequestHookHandler {
  return (request: FastifyRequest, reply: FastifyReply, done) => {
    const key = sentKey(request)
    if (key !== undefined && keys.has(key)) return done()
    reply.header('www-authenticate', 'Bearer realm="undersounds-stats"')
    done(refusal(keys, key === undefined ? 'key_required' : 'key_invalid'))
  }
}

function refusal(keys: Keys, code: 'key_required' | 'key_invalid'): ServiceError {
  const told = code === 'key_required' ? 'This route needs an API key' : 'The API key is not valid for this route'
  const message = keys.empty
    ? 'This route needs an admin key, of which there is none: ADMIN_API_KEYS has to be set'
    : told
  return new ServiceError(401, code, message)
}
