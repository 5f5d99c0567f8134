/** `/api/stats/alerts`: asking for an alert, and what was sent. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifyInstance, preValidationHookHandler } from 'fastify'
import { type Static, Type } from 'typebox'
import type { AppServices } from '../app-services.ts'
import { CURSOR_PATTERN } from '../cursor.ts'
import { invalidInput } from '../errors.ts'
import { digitsOf, isExactNumber, isFields } from '../events/exact-json.ts'
import { keysOf } from './access.ts'
import { named, oneOf, typed } from './api.ts'
import { sentKey } from './auth.ts'
import { decodeBody } from './body.ts'
import { strictLimit } from './limits.ts'
import { ArtistId, Cursor, ID_PATTERN, idFault, Limit, MAX_ASKED_ID } from './parameters.ts'
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
    artistId: Type.Unsafe<string | number>({
      type: ['string', 'integer'],
      minLength: 1,
      maxLength: MAX_ASKED_ID,
      pattern: ID_PATTERN,
    }),
    windowMinutes: OrNull<number>('integer', {
      minimum: 1,
      maximum: 525_600,
      description: 'The window is the last so many minutes, up to now; 60 where absent.',
    }),
    thresholds: OrNull<Static<typeof Thresholds>>('object', { properties: Thresholds.properties }),
    notifyEmail: OrNull<string>('string', {
      format: 'address',
      pattern: String.raw`^$|^[^\s@]{1,64}@[^\s@]+$`,
      maxLength: 254,
      description:
        "Where absent or empty, the artist's address in the catalogue. Without an admin key it must be one that " +
        '`ALERT_RECIPIENTS` allows.',
    }),
  },
  { $id: 'AlertRequest', description: 'Everything but `artistId` has a default.' },
)

const Email = Type.Object(
  {
    recipient: Type.Union([Type.String(), Type.Null()], {
      description: 'Masked where it is not the client that named it, unless it might name any.',
    }),
    sent: Type.Boolean(),
    error: Nullable,
  },
  { $id: 'AlertEmail', description: 'What became of the e-mail.' },
)

const Answer = Type.Object(
  {
    triggered: Type.Boolean(),
    reason: Type.Optional(Type.Literal('cooldown')),
    cooldown_of: Type.Optional(
      oneOf(['artist', 'address'], 'What has had a mail: the artist, or the address that the request names.'),
    ),
    cooldown_remaining: Type.Optional(Type.Integer({ description: 'Seconds.' })),
    cooldown_until: Type.Optional(Type.String({ format: 'date-time' })),
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

/** What counts as an address, `alerts` decides. */
const CheckedRequest = Type.Unsafe<Static<typeof Request>>({
  ...Request,
  properties: { ...Request.properties, notifyEmail: OrNull<string>('string', { maxLength: 254 }) },
})

/** Checks the body, all that a request for an alert has, with the schema that the document names. */
const checkRequest: typeof TypeBoxValidatorCompiler = route =>
  TypeBoxValidatorCompiler({ ...route, schema: CheckedRequest })

/** The artist's id as a whole number that no double holds is its decimal string, as everywhere; it names somebody. */
const readArtistId: preValidationHookHandler = ({ body }, _reply, done) => {
  if (!isFields(body)) return done()
  if (isExactNumber(body.artistId)) body.artistId = digitsOf(body.artistId) ?? body.artistId
  const fault = typeof body.artistId === 'string' ? idFault(body.artistId) : undefined
  if (fault) throw invalidInput([{ path: 'artistId', ...fault }])
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
      'At most one e-mail an hour and artist, and one an hour and address. The same happens by itself, with the defaults, as ' +
      'events come in, and is held up by nothing that was asked for.',
    body: named(Request),
    response: { 200: named(Answer), ...problemResponses(400, 401, 403, 408, 413, 415, 429, 502, 503, 504) },
  }
  const options = {
    schema: request,
    config: strictLimit(config.rateLimitStrict),
    // The usual one takes null for 0, and a threshold of 0 is always reached.
    validatorCompiler: checkRequest,
    preValidation: readArtistId,
  }
  const { admin } = keysOf(config)
  typed(app).post(PATH, options, async received => {
    const { artistId, windowMinutes, thresholds, notifyEmail } = received.body
    const key = sentKey(received)
    return alerts.request({
      artistId: String(artistId),
      windowMinutes: windowMinutes ?? null,
      thresholds: {
        plays: thresholds?.plays ?? null,
        likes: thresholds?.likes ?? null,
        follows: thresholds?.follows ?? null,
      },
      notifyEmail: notifyEmail ?? null,
      isAdmin: key !== undefined && admin.has(key),
    })
  })

  const history = {
    ...common,
    operationId: 'getAlertHistory',
    summary: 'Alerts so far, the newest first',
    querystring: Type.Object({
      artistId: Type.Optional(ArtistId('Only alerts about this artist.')),
      limit: Limit(50),
      cursor: Cursor(CURSOR_PATTERN, 'Header `x-next-cursor` of the page before.'),
    }),
    response: { 200: Alerts, ...problemResponses(400, 401, 429, 503) },
  }
  typed(app).get(`${PATH}/history`, { schema: history }, async ({ query: { artistId, limit, cursor } }, reply) => {
    const page = await alerts.history({ limit, ...(artistId ? { artistId } : {}), ...(cursor ? { cursor } : {}) })
    if (page.nextCursor !== null) reply.header('x-next-cursor', page.nextCursor)
    return page.items
  })
}
