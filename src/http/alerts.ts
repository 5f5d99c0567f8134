/** `/api/stats/alerts`: asking for an alert, and what was sent. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifyInstance, preValidationHookHandler } from 'fastify'
import { type Static, Type } from 'typebox'
import type { AppServices } from '../app-services.ts'
import { digitsOf, isExactNumber } from '../events/exact-json.ts'
import { isFields } from '../events/field-reading.ts'
import { named, oneOf, typed } from './api.ts'
import { decodeBody } from './body.ts'
import { strictLimit } from './limits.ts'
import { Limit } from './parameters.ts'
import { problemResponses } from './problem.ts'

const PATH = '/api/stats/alerts'
const common = { tags: ['Alerts'] }

const Nullable = Type.Union([Type.String(), Type.Null()])
const Counts = Type.Object(
  { plays: Type.Integer(), likes: Type.Integer(), follows: Type.Integer() },
  { $id: 'AlertCounts', description: 'What the window holds.' },
)
const Trigger = Type.Object(
  { kind: oneOf(['plays', 'likes', 'follows']), count: Type.Integer(), threshold: Type.Integer() },
  { $id: 'AlertTrigger', description: 'A threshold that was reached.' },
)
/** A field that may be null, which is the same as absent. One schema, so that a fault in it is one fault. */
const OrNull = <T>(type: string, rules: object) =>
  Type.Optional(Type.Unsafe<T | null>({ type: [type, 'null'], ...rules }))

const Threshold = (otherwise: number) =>
  OrNull<number>('integer', {
    minimum: 0,
    maximum: 1_000_000_000,
    description: `Reached where the count is at least this; ${otherwise} where absent.`,
  })

const Thresholds = Type.Object({ plays: Threshold(100), likes: Threshold(50), follows: Threshold(10) })

const Request = Type.Object(
  {
    artistId: Type.Unsafe<string | number>({ type: ['string', 'integer'], minLength: 1, maxLength: 1000 }),
    windowMinutes: OrNull<number>('integer', {
      minimum: 1,
      maximum: 525_600,
      description: 'The window is the last so many minutes, up to now; 60 where absent.',
    }),
    thresholds: OrNull<Static<typeof Thresholds>>('object', { properties: Thresholds.properties }),
    notifyEmail: OrNull<string>('string', {
      maxLength: 254,
      description: "Where absent, the artist's address in the catalogue.",
    }),
  },
  { $id: 'AlertRequest', description: 'Everything but `artistId` has a default.' },
)

const Email = Type.Object(
  { recipient: Nullable, sent: Type.Boolean(), error: Nullable },
  { $id: 'AlertEmail', description: 'What became of the e-mail.' },
)

const Answer = Type.Object(
  {
    triggered: Type.Boolean(),
    reason: Type.Optional(Type.Literal('cooldown')),
    cooldown_remaining: Type.Optional(Type.Integer({ description: 'Seconds.' })),
    details: Type.Optional(named(Counts)),
    triggers: Type.Optional(Type.Array(named(Trigger))),
    email: Type.Optional(named(Email)),
  },
  { $id: 'AlertAnswer', description: 'An e-mail that could not be sent at once is tried again for a day.' },
)

const Alert = Type.Object(
  {
    id: Type.String(),
    artistId: Type.String(),
    at: Type.String({ format: 'date-time' }),
    triggers: Type.Array(named(Trigger)),
    details: named(Counts),
    recipient: Type.Union([Type.String(), Type.Null()], { description: 'Masked.' }),
    status: oneOf(
      ['pending', 'sent', 'failed', 'unknown', 'none'],
      '`unknown`: the connection broke when it had been handed over; it is not sent again.',
    ),
    attempts: Type.Integer(),
    error: Nullable,
  },
  { $id: 'Alert', description: 'An alert that was made.' },
)

const Alerts = Type.Array(named(Alert), {
  description: 'Alerts, the newest first.',
  headers: { 'x-next-cursor': { type: 'string', description: 'The cursor of the next page, where there is one.' } },
})

/** Checks the body, all that a request for an alert has, with the schema that the document names. */
const checkRequest: typeof TypeBoxValidatorCompiler = route => TypeBoxValidatorCompiler({ ...route, schema: Request })

/** The artist's id as a whole number that no double holds is its decimal string, as everywhere. */
const readExactId: preValidationHookHandler = ({ body }, _reply, done) => {
  if (isFields(body) && isExactNumber(body.artistId)) body.artistId = digitsOf(body.artistId) ?? body.artistId
  done()
}

export function alertRoutes(app: FastifyInstance, services: AppServices): void {
  const { alerts, config } = services
  for (const each of [Request, Counts, Trigger, Email, Answer, Alert]) app.addSchema(each)
  app.addHook('preParsing', decodeBody)
  const request = {
    ...common,
    operationId: 'requestAlert',
    summary: "Compares an artist's last minutes with thresholds, and sends an e-mail where one is reached",
    description:
      'At most one e-mail an hour and artist. The same happens by itself, with the defaults, as events come in.',
    body: named(Request),
    response: { 200: named(Answer), ...problemResponses(400, 401, 413, 415, 429, 503) },
  }
  const options = {
    schema: request,
    config: strictLimit(config.rateLimitStrict),
    // The usual one takes null for 0, and a threshold of 0 is always reached.
    validatorCompiler: checkRequest,
    preValidation: readExactId,
  }
  typed(app).post(PATH, options, async ({ body }) => {
    const { artistId, windowMinutes, thresholds, notifyEmail } = body
    return alerts.request({
      artistId: String(artistId),
      windowMinutes: windowMinutes ?? null,
      thresholds: {
        plays: thresholds?.plays ?? null,
        likes: thresholds?.likes ?? null,
        follows: thresholds?.follows ?? null,
      },
      notifyEmail: notifyEmail ?? null,
    })
  })

  const history = {
    ...common,
    operationId: 'getAlertHistory',
    summary: 'Alerts so far, the newest first',
    querystring: Type.Object({
      artistId: Type.Optional(Type.String()),
      limit: Limit(50),
      cursor: Type.Optional(Type.String({ description: 'Header `x-next-cursor` of the page before.' })),
    }),
    response: { 200: Alerts, ...problemResponses(400, 401, 429, 503) },
  }
  typed(app).get(`${PATH}/history`, { schema: history }, async ({ query: { artistId, limit, cursor } }, reply) => {
    const page = await alerts.history({ limit, ...(artistId ? { artistId } : {}), ...(cursor ? { cursor } : {}) })
    if (page.nextCursor !== null) reply.header('x-next-cursor', page.nextCursor)
    return page.items
  })
}
