/** `/api/stats/dead-letters`: lists refused events, replays them (repaired or as they are) and removes them. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Fault, invalidInput } from '../errors.ts'
import { Replay } from '../ingestion/replay.ts'
import { CURSOR_PATTERN } from '../paging.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { receiver } from './batch-items.ts'
import { parseBody } from './body.ts'
import { decodeBody } from './content-encoding.ts'
import { RemovalQuery, removalOf } from './dead-letter-removal.ts'
import { strictLimit } from './limits.ts'
import { takeBytes } from './media-types.ts'
import type { Metrics } from './metrics.ts'
import { pageParameters } from './parameters.ts'
import { FaultSchema, problemResponses } from './problem.ts'

const PATH = '/api/stats/dead-letters'
/** Enough for a repaired event of the largest size, with the id of its letter. */
const MAX_REPLAY_BYTES = 80 * 1024

const Letter = Type.Object(
  {
    id: Type.String({ description: 'The event id: its own, or the one it got on arrival.' }),
    reason: Type.String({ description: 'The code of the first broken rule.' }),
    receivedAt: Type.String({ format: 'date-time' }),
    errors: Type.Unsafe<readonly Fault[]>(
      Type.Array(named(FaultSchema), {
        description: 'At most 4 KB of them, the last one being `faults_cut` where more is wrong.',
      }),
    ),
    event: Type.Unknown({ description: 'What came; the text itself where it was not JSON.' }),
    cut: Type.Optional(
      Type.Literal(true, {
        description:
          '`event` is the beginning of its text, which was too long to be kept. It is replayed only with an `event` that takes its place.',
      }),
    ),
  },
  { $id: 'DeadLetter', description: 'An event that was refused.' },
)

const Page = Type.Object(
  { items: Type.Array(named(Letter)), nextCursor: Type.Union([Type.String(), Type.Null()]) },
  {
    $id: 'DeadLetterPage',
    description: 'Dead letters, the newest first; at most 1 MB, so that a page may have fewer than `limit`.',
  },
)

const Summary = Type.Object(
  { total: Type.Integer(), byReason: Type.Record(Type.String(), Type.Integer()) },
  { $id: 'DeadLetterSummary', description: 'How many dead letters there are, by reason.' },
)

const Deleted = Type.Object(
  { deleted: Type.Integer() },
  { $id: 'DeletedDeadLetters', description: 'How many were removed.' },
)

const ReplayRequest = Type.Object(
  {
    id: Type.Optional(
      Type.String({ minLength: 1, description: 'Of the dead letter; all of them where it is absent.' }),
    ),
    event: Type.Optional(Type.Unknown({ description: 'Takes the place of the refused one.' })),
  },
  {
    $id: 'ReplayRequest',
    description: 'One dead letter, and its repaired event.',
    additionalProperties: false,
    dependentRequired: { event: ['id'] },
  },
)

const ReplayResult = Type.Object(
  {
    id: Type.String(),
    status: oneOf(['accepted', 'duplicate', 'conflict', 'rejected', 'unavailable']),
    code: Type.Optional(Type.String({ description: 'The first broken rule.' })),
    message: Type.Optional(Type.String()),
    faults: Type.Optional(Type.Unsafe<readonly Fault[]>(Type.Array(named(FaultSchema)))),
  },
  { $id: 'ReplayResult', description: 'What became of a dead letter.' },
)

const Report = Type.Object(
  {
    replayed: Type.Integer(),
    accepted: Type.Integer(),
    duplicates: Type.Integer(),
    rejected: Type.Integer(),
    results: Type.Array(named(ReplayResult), { maxItems: 1000, description: 'Of the first letters, in at most 1 MB.' }),
    cut: Type.Optional(Type.Literal(true, { description: '`results` names not all of the letters; the counts do.' })),
  },
  { $id: 'ReplayReport', description: 'What became of the dead letters.' },
)

const SCHEMAS = [Letter, Page, Summary, Deleted, ReplayRequest, ReplayResult, Report]

const common = { tags: ['Dead letters'] }

export type DeadLetterPage = Static<typeof Page>
export type DeadLetterSummary = Static<typeof Summary>
export type DeletedDeadLetters = Static<typeof Deleted>
export type ReplayReport = Static<typeof Report>

export function deadLetterRoutes(app: FastifyInstance, services: AppServices, metrics: Metrics): void {
  const { deadLetters } = services
  for (const each of SCHEMAS) app.addSchema(each)
  takeBytes(app, ['application/json'])
  app.addHook('preParsing', decodeBody)

  const querystring = Type.Object({
    reason: Type.Optional(Type.String({ description: 'Only letters of this reason. Empty: of all.' })),
    ...pageParameters(CURSOR_PATTERN, '`nextCursor` of the page before.'),
  })
  const list = {
    ...common,
    operationId: 'getDeadLetters',
    summary: 'Lists dead letters, the newest first',
    querystring,
    response: { 200: named(Page), ...problemResponses(400, 401, 429, 503) },
  }
  typed(app).get(PATH, { schema: list }, async ({ query: { reason, ...page } }) =>
    deadLetters.list({ ...page, reason: reason || undefined }),
  )

  const summary = {
    ...common,
    operationId: 'getDeadLetterSummary',
    summary: 'Counts dead letters by reason',
    response: { 200: named(Summary), ...problemResponses(401, 429, 503) },
  }
  typed(app).get(`${PATH}/summary`, { schema: summary }, async () => deadLetters.summary())

  replayRoute(app, services, metrics)

  const removal = {
    ...common,
    operationId: 'deleteDeadLetters',
    summary: 'Removes the dead letters that fit the filter, or all where that is said',
  }
  const removed = { 200: named(Deleted), ...problemResponses(400, 401, 413, 415, 429, 503) }
  // The schema is for the API document: a validator would drop or ignore the very mistakes that `removalOf` refuses.
  const validatorCompiler = () => () => true
  typed(app).delete(
    PATH,
    { schema: { ...removal, querystring: RemovalQuery, response: removed }, validatorCompiler },
    async ({ query }) => deadLetters.remove(removalOf(query)),
  )
}

function replayRoute(app: FastifyInstance, services: AppServices, metrics: Metrics): void {
  const { deadLetters, loggedAs } = services
  const replay = new Replay(deadLetters, { receive: receiver(services, metrics), loggedAs })
  const schema = {
    ...common,
    operationId: 'replayDeadLetters',
    summary: 'Sends dead letters again: all, or one, repaired where an event is given',
    description:
      'Idempotent: a letter that has gone because its event is in the log counts as a duplicate. A letter is removed once ' +
      'its event is in the log; until then it holds the event that was received, whatever repair was refused.',
    body: Type.Optional(named(ReplayRequest)),
    response: { 200: named(Report), ...problemResponses(400, 401, 404, 408, 413, 415, 429, 503) },
  }
  const config = strictLimit(services.config.rateLimitStrict)
  typed(app).post<{ Body: Buffer | undefined }>(
    `${PATH}/replay`,
    { bodyLimit: MAX_REPLAY_BYTES, schema, config, validatorCompiler: () => () => true },
    async ({ body }) => {
      const selection = selectionOf(body)
      return selection ? replay.one(selection) : replay.all()
    },
  )
}

/** Which letter to replay, and the event to replay instead of its own; undefined for all letters. */
function selectionOf(body: Buffer | undefined): { id: string; event?: unknown } | undefined {
  if (!body) return undefined
  const value = parseBody(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidInput([{ path: '', code: 'not_an_object', message: 'The body must be a JSON object' }])
  }
  if (Object.keys(value).length === 0) return undefined
  const { id, event, ...unknown } = value as { id?: unknown; event?: unknown }
  // If `evnet` were ignored, the event that the client wanted to repair could get into the log unrepaired, for ever.
  for (const path of Object.keys(unknown)) {
    throw invalidInput([{ path, code: 'unknown_field', message: 'is no field of this request; id and event are' }])
  }
  if (typeof id !== 'string' || id === '') {
    throw invalidInput([{ path: 'id', code: 'required', message: 'must be the id of a dead letter' }])
  }
  return event === undefined ? { id } : { id, event }
}
