/** Rate limits: per client address, or per key where a valid one is sent. */
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RateLimit } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { type Keys, sentKey } from './auth.ts'

/**
 * Limits all routes registered afterwards; nothing is installed where both limits are off. Answers carry the headers `RateLimit-*`, and `Retry-After` with a `429`.
 */
export async function limitRates(
  app: FastifyInstance,
  limits: { default: RateLimit | null; strict: RateLimit | null },
  keys: Keys,
): Promise<void> {
  if (!limits.default && !limits.strict) return
  await app.register(rateLimit, {
    global: limits.default !== null,
    max: limits.default?.max ?? Number.MAX_SAFE_INTEGER,
    timeWindow: limits.default?.windowMs ?? 60_000,
    enableDraftSpec: true,
    keyGenerator: request => clientOf(request, keys),
    errorResponseBuilder: (_request, { ttl }) =>
      new ServiceError(429, 'rate_limited', 'Too many requests; try again later', {
        retryAfter: Math.ceil(ttl / 1000),
      }),
  })
}

/** A key that is not valid counts for the address: otherwise every made-up key would come with a limit of its own. */
function clientOf(request: FastifyRequest, keys: Keys): string {
  const key = keys.empty ? undefined : sentKey(request)
  return key !== undefined && keys.has(key) ? `key ${key}` : normalizeIP(request.ip)
}

/** The route setting for the strict limit. */
export function strictLimit(limit: RateLimit | null): { rateLimit?: { max: number; timeWindow: number } } {
  return limit ? { rateLimit: { max: limit.max, timeWindow: limit.windowMs } } : {}
}
