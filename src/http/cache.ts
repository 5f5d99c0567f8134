/** `/api/stats/cache`: what the cache of rankings and of the catalogue contains, and clearing it. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifyInstance, preValidationHookHandler } from 'fastify'
import { type Static, Type } from 'typebox'
import { invalidInput } from '../errors.ts'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { decodeBody } from './content-encoding.ts'
import { strictLimit } from './limits.ts'
import { problemResponses } from './problem.ts'

const PATH = '/api/stats/cache'
const tags = ['Service']

const Info = Type.Object(
  {
    current_size: Type.Integer(),
    max_size: Type.Integer(),
    ttl_seconds: Type.Number({ description: 'Of what comes from the catalogue.' }),
    keys: Type.Array(Type.String(), {
      maxItems: 50,
      description: "The most recently used first. A listener's is `user:#` and a hash of the id.",
    }),
    hits: Type.Integer(),
    misses: Type.Integer(),
  },
  { $id: 'CacheInfo', description: 'What the cache holds.' },
)

const ClearRequest = Type.Object(
  { key: Type.Optional(Type.Union([Type.String(), Type.Null()])) },
  { $id: 'ClearCacheRequest', description: 'Which key to forget; all of them where it is absent.' },
)

const Cleared = Type.Object(
  { cleared: Type.String({ description: '`all`, or the key.' }) },
  { $id: 'CacheCleared', description: 'What was forgotten.' },
)

/**
 * The schema for the validator, to which Fastify gives null for an absent body. The API document says only that the body may
 * be absent: generated clients fail without a body where it may also be null. It is one schema, so that the validator
 * reports a fault once.
 */
const CheckedRequest = Type.Unsafe<{ key?: string | null } | null>({
  type: ['object', 'null'],
  properties: { key: { type: ['string', 'null'] } },
})

const checkRequest: typeof TypeBoxValidatorCompiler = route =>
  TypeBoxValidatorCompiler(route.httpPart === 'body' ? { ...route, schema: CheckedRequest } : route)

/** Refuses a body that is null: an operation that may clear everything must not take null for an absent body. */
const refuseNull: preValidationHookHandler = ({ body }, _reply, done) => {
  if (body === null) throw invalidInput([{ path: '', code: 'wrong_type', message: 'The body must be a JSON object' }])
  done()
}

export type CacheInfo = Static<typeof Info>

export function cacheRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Info, ClearRequest, Cleared]) app.addSchema(each)
  const info = {
    operationId: 'getCacheInfo',
    summary: 'What the cache holds',
    tags,
    response: { 200: named(Info), ...problemResponses(429) },
  }
  typed(app).get(`${PATH}/info`, { schema: info }, async () => services.cache.info())

  const schema = {
    operationId: 'clearCache',
    summary: 'Forgets everything, or one key',
    tags,
    querystring: Type.Object({
      key: Type.Optional(
        Type.String({
          description:
            'As `keys` of the info has it, such as `trending:tracks:week`, or `user:` and the id of a listener. Absent or ' +
            'empty: everything.',
        }),
      ),
    }),
    body: Type.Optional(named(ClearRequest)),
    response: { 200: named(Cleared), ...problemResponses(400, 408, 413, 415, 429) },
  }
  const config = strictLimit(services.config.rateLimitStrict)
  typed(app).post(
    `${PATH}/clear`,
    {
      schema,
      config,
      validatorCompiler: checkRequest,
      preValidation: refuseNull,
      preParsing: decodeBody,
    },
    async ({ query, body }) => {
      const keys = [query.key, body?.key].flatMap(key => key || [])
      if (keys.length === 2 && keys[0] !== keys[1]) {
        throw invalidInput([{ path: 'key', code: 'keys_differ', message: 'differs between query and body' }])
      }
      const [key] = keys
      services.cache.clear(key)
      return { cleared: key ?? 'all' }
    },
  )
}
