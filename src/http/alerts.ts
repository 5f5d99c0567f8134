/** `/api/stats/alerts`: requests an alert, and lists those so far. */

import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifyInstance, preValidationHookHandler } from 'fastify'
import { type Static, Type } from 'typebox'
import { DEFAULT_RULE, KINDS } from '../alerts/alert.ts'
import { invalidInput } from '../errors.ts'
import { digitsOf, isExactNumber, isFields } from '../events/exact-json.ts'
import { ADDRESS_PATTERN, MAX_ADDRESS_LENGTH } from '../identity/email-address.ts'
import { CURSOR_PATTERN } from '../paging.ts'
import { MINUTE_MS } from '../units.ts'
import { keysOf } from './access.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { sentKey } from './auth.ts'
import { decodeBody } from './content-encoding.ts'
import { strictLimit } from './limits.ts'
import { ArtistId, ID_PATTERN, idFault, MAX_ASKED_ID, pageParameters } from './parameters.ts'
import { problemResponses } from './problem.ts'

const PATH = '/api/stats/alerts'
const common = { tags: ['Alerts'] }

const Nullable = Type.Union([Type.String(), Type.Null()])
const Counts = Type.Object(
  { plays: Type.Integer(), likes: Type.Integer(), follows: Type.Integer() },
  { $id: 'AlertCounts', description: 'What the window holds.' },
)
const Trigger = Type.Object(
  { kind: oneOf(KINDS), count: Type.Integer(), threshold: Type.Integer() },
  { $id: 'AlertTrigger', description: 'A threshold that was reached.' },
)
/** A field that may be null, which is the same as absent. It is one schema, so that the validator reports a fault once. */
const OrNull = <T>(type: string, rules: object) =>
  Type.Optional(Type.Unsafe<T | null>({ type: [type, 'null'], ...rules }))

const Threshold = (otherwise: number) =>
  OrNull<number>('integer', {
    minimum: 0,
    maximum: 1_000_000_000,
    description: `Reached where the count is at least this; ${otherwise} where absent.`,
  })

const { plays, likes, follows } = DEFAULT_RULE.thresholds
const Thresholds = Type.Object({ plays: Threshold(plays), likes: Threshold(likes), follows: Threshold(follows) })

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
      description: `The window is the last so many minutes, up to now; ${DEFAULT_RULE.windowMs / MINUTE_MS} where absent.`,
    }),
    thresholds: OrNull<Static<typeof Thresholds>>('object', { properties: Thresholds.properties }),
    notifyEmail: OrNull<string>('string', {
      format: 'address',
      pattern: `^$|^${ADDRESS_PATTERN}$`,
      maxLength: MAX_ADDRESS_LENGTH,
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

/** The schema for the validator: whether `notifyEmail` is an address is decided by `Alerts`. */
const CheckedRequest = Type.Unsafe<Static<typeof Request>>({
  ...Request,
  properties: { ...Request.properties, notifyEmail: OrNull<string>('string', { maxLength: MAX_ADDRESS_LENGTH }) },
})

/** Checks the body; the schema in the route's options is only for the API document. */
const checkRequest: typeof TypeBoxValidatorCompiler = route =>
  TypeBoxValidatorCompiler({ ...route, schema: CheckedRequest })

/** Turns an artist's id that is a whole number beyond a double's precision into its decimal string; refuses blank ids. */
const readArtistId: preValidationHookHandler = ({ body }, _reply, done) => {
  if (!isFields(body)) return done()
  if (isExactNumber(body.artistId)) body.artistId = digitsOf(body.artistId) ?? body.artistId
  const fault = typeof body.artistId === 'string' ? idFault(body.artistId) : undefined
  if (fault) throw invalidInput([{ path: 'artistId', ...fault }])
  done()
}

export type AlertHistory = Static<typeof Alerts>

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
    // Fastify's own validator takes null for 0, and a threshold of 0 is always reached.
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
      thresholds: thresholds ?? null,
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
      ...pageParameters(CURSOR_PATTERN, 'Header `x-next-cursor` of the page before.'),
    }),
    response: { 200: Alerts, ...problemResponses(400, 401, 429, 503) },
  }
  typed(app).get(`${PATH}/history`, { schema: history }, async ({ query }, reply) => {
    const { items, nextCursor } = await alerts.history(query)
    if (nextCursor !== null) reply.header('x-next-cursor', nextCursor)
    return items
  })
}
