/** CORS: which web pages may call the service. */
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

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
