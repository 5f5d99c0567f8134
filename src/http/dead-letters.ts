/** `/api/stats/dead-letters`: what was refused, to be looked at, repaired, sent again and removed. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { AppServices } from '../app-services.ts'
import { type Fault as BrokenRule, invalidInput } from '../errors.ts'
import { typed } from './api.ts'
import { type Keys, requireKey } from './auth.ts'
import { decodeBody, parseBytes, takeJsonBytes } from './body.ts'
import { RemovalQuery, removalOf } from './dead-letter-removal.ts'
import { SECURED } from './docs.ts'
import { strictLimit } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { Limit } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { receiver } from './receive.ts'

const PATH = '/api/stats/dead-letters'
/** A repaired event with its id, and a little more. */
const MAX_REPLAY_BYTES = 80 * 1024

const Fault = Type.Object({ path: Type.String(), code: Type.String(), message: Type.String() })

const Letter = Type.Object({
  id: Type.String({ description: 'The event id: its own, or the one it got on arrival.' }),
  reason: Type.String({ description: 'The code of the first broken rule.' }),
  receivedAt: Type.String({ format: 'date-time' }),
  errors: Type.Unsafe<readonly BrokenRule[]>(Type.Array(Fault)),
  event: Type.Unknown({ description: 'What came; the text itself where it was not JSON.' }),
})

const Replay = Type.Object({
  replayed: Type.Integer(),
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  rejected: Type.Integer(),
  results: Type.Array(Type.Object({ id: Type.String(), status: Type.String() }), { maxItems: 1000 }),
})

const common = { tags: ['Events'], security: SECURED }

export function deadLetterRoutes(app: FastifyInstance, services: AppServices, metrics: Metrics, admin: Keys): void {
  const { deadLetters } = services
  takeJsonBytes(app)
  if (!admin.empty) app.addHook('preParsing', requireKey(admin))
  app.addHook('preParsing', decodeBody)

  const querystring = Type.Object({
    reason: Type.Optional(Type.String({ description: 'Only letters of this reason.' })),
    limit: Limit(50),
    cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before.' })),
  })
  const page = Type.Object({ items: Type.Array(Letter), nextCursor: Type.Union([Type.String(), Type.Null()]) })
  const list = { ...common, summary: 'Lists dead letters, the newest first', querystring }
  typed(app).get(
    PATH,
    { schema: { ...list, response: { 200: page, ...problemResponses(400, 401) } } },
    async ({ query }) => {
      const { limit, reason, cursor } = query
      return deadLetters.list({ limit, ...(reason ? { reason } : {}), ...(cursor ? { cursor } : {}) })
    },
  )

  const counts = Type.Object({ total: Type.Integer(), byReason: Type.Record(Type.String(), Type.Integer()) })
  const summary = { ...common, summary: 'Counts dead letters by reason', response: { 200: counts } }
  typed(app).get(`${PATH}/summary`, { schema: summary }, async () => deadLetters.summary())

  replayRoute(app, services, metrics)

  const removal = { ...common, summary: 'Removes the dead letters that fit the filter, or all where that is said' }
  const removed = { 200: Type.Object({ deleted: Type.Integer() }), ...problemResponses(400, 401) }
  // The schema only describes: what a validator would leave out or ignore is the mistake that has to be told.
  const validatorCompiler = () => () => true
  typed(app).delete(
    PATH,
    { schema: { ...removal, querystring: RemovalQuery, response: removed }, validatorCompiler },
    async ({ query }) => deadLetters.remove(removalOf(query)),
  )
}

function replayRoute(app: FastifyInstance, services: AppServices, metrics: Metrics): void {
  const { deadLetters, hasEvent } = services
  const replaying = { receive: receiver(services, metrics), hasEvent }
  const schema = {
    ...common,
    summary: 'Sends dead letters again: all, or one, repaired where an event is given',
    description:
      'Idempotent: a letter that has gone because its event is in the log counts as a duplicate. A letter is removed once ' +
      'its event is in the log; until then it holds the event that was received, whatever repair was refused.',
    body: Type.Optional(Type.Object({ id: Type.String(), event: Type.Optional(Type.Unknown()) })),
    response: { 200: Replay, ...problemResponses(400, 401, 404, 429, 503) },
  }
  const config = strictLimit(services.config.rateLimitStrict)
  typed(app).post<{ Body: Buffer | undefined }>(
    `${PATH}/replay`,
    { bodyLimit: MAX_REPLAY_BYTES, schema, config, validatorCompiler: () => () => true },
    async ({ body }) => deadLetters.replay(selectionOf(body), replaying),
  )
}

/** Which letter is meant, and what takes the place of its event; undefined for all. */
function selectionOf(body: Buffer | undefined): { id: string; event?: unknown } | undefined {
  if (!body || body.length === 0) return undefined
  const arrival = parseBytes(body)
  if ('text' in arrival) throw invalidInput([{ path: '', code: 'malformed_json', message: 'The body must be JSON' }])
  const { value } = arrival
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidInput([{ path: '', code: 'not_an_object', message: 'The body must be a JSON object' }])
  }
  if (Object.keys(value).length === 0) return undefined
  const { id, event, ...unknown } = value as { id?: unknown; event?: unknown }
  // With a mistyped `event`, what was meant to be repaired could get into the log for ever.
  for (const path of Object.keys(unknown)) {
    throw invalidInput([{ path, code: 'unknown_field', message: 'is no field of this request; id and event are' }])
  }
  if (typeof id !== 'string' || id === '') {
    throw invalidInput([{ path: 'id', code: 'required', message: 'must be the id of a dead letter' }])
  }
  return event === undefined ? { id } : { id, event }
}
