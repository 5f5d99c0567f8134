/** Which web pages may call the service: CORS for what they read, and a check of where they are from for what they change. */
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import { ServiceError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    cors?: false
  }
}

const EXPOSED = 'x-request-id, x-next-cursor, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset'

/** Lets pages of these origins call, with credentials, and answers their preflights. */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  const options: FastifyCorsOptions = {
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: 600,
    strictPreflight: false,
  }
  await app.register(cors, options)
}

/** The route setting that keeps the general hook from a route. */
export const OWN_CORS = { cors: false } as const

/**
 * The same for the busiest routes, for which the general hook costs a tenth of the request: a request that comes from
 * no page is told no more than that the answer depends on it.
 */
export function allowOriginsQuickly(app: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('vary', 'Origin')
    const { origin } = request.headers
    if (origin !== undefined && allowed.has(origin)) {
      reply.header('access-control-allow-origin', origin)
      reply.header('access-control-allow-credentials', 'true')
      reply.header('access-control-expose-headers', EXPOSED)
    }
    done()
  })
}

/**
 * A hook that refuses requests of foreign pages with `403`, for routes that change something: CORS keeps a page from
 * reading the answer, but not from sending a form or a beacon. What is no page sends no `Origin` and passes.
 */
export function refuseForeignPages(origins: readonly string[]): onRequestHookHandler {
  const allowed = new Set(origins)
  return (request, _reply, done) => {
    const { origin, 'sec-fetch-site': site } = request.headers
    const isForeign =
      origin === undefined
        ? site === 'cross-site'
        : !allowed.has(origin) && (site === 'cross-site' || !isOwn(origin, request))
    if (!isForeign) return done()
    const message = 'Pages of this origin may not change anything here: CORS_ORIGINS does not name it'
    done(new ServiceError(403, 'origin_forbidden', message))
  }
}

/**
 * Whether a page is of the host that the request came to. The scheme is not compared: behind a proxy that ends TLS it is
 * not known, and where a page of the other scheme calls, browsers say `cross-site`.
 */
function isOwn(origin: string, { host }: FastifyRequest): boolean {
  const page = URL.parse(origin)
  // Parsed under the same scheme, so that a default port may be written or not.
  return page !== null && page.origin === origin && page.host === URL.parse(`${page.protocol}//${host}`)?.host
}
