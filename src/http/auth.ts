/** Who a request is from: the key that it carries, else its address. Which route takes which keys is in `access.ts`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { ServiceError } from '../errors.ts'
import { isWebToken } from '../settings/access-settings.ts'
import type { Asker } from '../storage/figures.ts'

const digest = (key: string) => createHash('sha256').update(key).digest()

/** A set of keys, compared in constant time: measuring answers reveals neither a key nor its length. */
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
 * with every request: that is no key, and the same as none.
 */
export function sentKey({ headers }: FastifyRequest): string | undefined {
  const header = headers['x-api-key']
  if (typeof header === 'string' && header !== '') return header
  if (headers.authorization === undefined) return undefined
  const token = /^Bearer +(\S+) *$/i.exec(headers.authorization)?.[1]
  return token === undefined || isWebToken(token) ? undefined : token
}

/**
 * A hook that refuses requests without one of the keys with `401`. It runs after the rate limit, so that nobody can try keys
 * without limit, and before the body is read.
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
  const message = code === 'key_required' ? 'This route needs an API key' : 'The API key is not valid for this route'
  const withoutKeys = 'This route needs an admin key, of which there is none: ADMIN_API_KEYS has to be set'
  return new ServiceError(401, code, keys.empty ? withoutKeys : message)
}

/**
 * The client that a request counts for: a key, else an address (of IPv6, the network of 64 bits that one client has to
 * itself). A key that is not valid counts for the address: otherwise every made-up key would have a limit of its own.
 */
export function clientOf(request: FastifyRequest, keys: Keys): string {
  const key = keys.empty ? undefined : sentKey(request)
  return key !== undefined && keys.has(key) ? `key ${key}` : normalizeIP(request.ip)
}

/** The client as the one who asks for figures; its signal is aborted when it leaves before it has the answer. */
export function askerOf(request: FastifyRequest, reply: FastifyReply): Asker {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return { client: request.client, signal: controller.signal }
}
