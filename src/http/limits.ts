/** Rate limits per client: per key where a valid one is sent, else per address. */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ServiceError } from '../errors.ts'
import type { RateLimit } from '../settings/rate-limits.ts'
import { clientOf, type Keys } from './auth.ts'
import { RateStore } from './rate-store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** As `clientOf` has it. */
    readonly client: string
  }
  interface FastifyContextConfig {
    rateLimits?: readonly RateLimit[]
  }
}

/** Counts a request, sets the headers `RateLimit-*`, and refuses it with `429` where there were too many. */
export type RateCheck = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/**
 * Limits all routes registered afterwards: by the limits of the route's own setting, which count for it alone, else by
 * `limits`, which count for all of them together. Answers carry the headers `RateLimit-*`, and `Retry-After` with a `429`.
 * Returns the check of `limits`, for requests that no route answers; undefined where there is no limit.
 */
export async function limitRates(
  app: FastifyInstance,
  limits: readonly RateLimit[],
  keys: Keys,
): Promise<RateCheck | undefined> {
  app.decorateRequest('client', {
    getter() {
      return clientOf(this, keys)
    },
  })
  await app.register(rateLimit, { global: false, store: RateStore, keyGenerator: request => request.client })
  const common = rateCheck(app, limits)
  app.addHook('onRoute', route => {
    const check = route.config?.rateLimits ? rateCheck(app, route.config.rateLimits) : common
    // Before the check of keys, so that nobody can try keys without limit.
    if (check) route.onRequest = [check, ...[route.onRequest ?? []].flat()]
  })
  return common
}

/** The route setting for the strict limits. */
export function strictLimit(limits: readonly RateLimit[]): { rateLimits?: readonly RateLimit[] } {
  return limits.length > 0 ? { rateLimits: limits } : {}
}

/** Of several limits, the headers are about the one of which the least is left, and of these the one that lasts longest. */
function rateCheck(app: FastifyInstance, limits: readonly RateLimit[]): RateCheck | undefined {
  if (limits.length === 0) return undefined
  const counters = limits.map(({ max, windowMs }) => app.createRateLimit({ max, timeWindow: windowMs }))
  return async (request, reply) => {
    let isExceeded = false
    let tightest = { max: 0, remaining: Number.POSITIVE_INFINITY, ttl: 0, ttlInSeconds: 0 }
    for (const count of counters) {
      // What a short window refuses uses up nothing of the longer ones.
      const usage = await count(request, { increment: !isExceeded })
      if (usage.isAllowed) continue
      isExceeded ||= usage.isExceeded
      const { remaining, ttl } = usage
      if (remaining < tightest.remaining || (remaining === tightest.remaining && ttl > tightest.ttl)) tightest = usage
    }
    const { max, remaining, ttlInSeconds } = tightest
    reply.headers({ 'ratelimit-limit': max, 'ratelimit-remaining': remaining, 'ratelimit-reset': ttlInSeconds })
    if (isExceeded) {
      throw new ServiceError(429, 'rate_limited', 'Too many requests; try again later', { retryAfter: ttlInSeconds })
    }
  }
}
