/** `GET /api/stats/artist/{artistId}/events`: the counted events behind an artist's figures. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { COUNTED_TYPES } from '../events/event.ts'
import type { CountedEvent as EventOfArtist } from '../statistics/artist-events.ts'
import { FACT_CURSOR } from '../statistics/fact-page.ts'
import { MEASURES } from '../storage/figures.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { EXACT, exactNumber } from './kpi-schemas.ts'
import { ArtistId, artistParams, Nullable, OneOf, pageParameters } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { rangeParameters } from './range-parameters.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const CountedEvent = Type.Object(
  {
    at: Type.String(),
    seq: Type.Integer({ description: "The event's position in the log, by which an operator finds it." }),
    eventType: oneOf(COUNTED_TYPES),
    measure: oneOf(MEASURES),
    counts: Type.Integer({ description: 'What it adds: 1, -1, or 0 where it changes revenue alone.' }),
    trackKey: Nullable,
    albumId: Nullable,
    title: Nullable,
    listener: Type.Union([Type.String(), Type.Null()], {
      description: 'A pseudonym, the same for all events of a listener of this artist. Null: anonymous.',
    }),
    amount: Type.Union([Type.Number(), Type.Null()], { description: `Negative for refunds. ${EXACT}` }),
    currency: Nullable,
  },
  { $id: 'CountedEvent', description: 'What an event adds to the figures of an artist.' },
)

const Page = Type.Object(
  {
    artistId: Type.String(),
    period: Nullable,
    items: Type.Array(named(CountedEvent)),
    nextCursor: Nullable,
    ...definitionsProperty,
  },
  { $id: 'CountedEventPage', description: 'Counted events, the newest first.' },
)

export type CountedEvent = Static<typeof CountedEvent>
export type CountedEventPage = Static<typeof Page>

const schema = {
  operationId: 'getArtistEvents',
  summary: "The counted events behind an artist's figures",
  description:
    'One row for each credit to the artist: the sum of `counts` over all pages is the figure of the same range. Skips are ' +
    'not counted, and not listed. No row names a user, and none has an event id, for a client may have made it of one.',
  tags: ['Statistics'],
  params: artistParams,
  querystring: Type.Object({
    ...rangeParameters,
    measure: OneOf(MEASURES, 'Only events of this figure.'),
    trackKey: Type.Optional(ArtistId('Only events of this track, by its `key`, such as `<albumId>_1`.')),
    albumId: Type.Optional(ArtistId('Only events that name this album.')),
    ...pageParameters(FACT_CURSOR, '`nextCursor` of the page before.'),
    ...formatParameter,
  }),
  response: { 200: tableResponse(named(Page), 'As CSV, `items`.'), ...problemResponses(400, 429, 503) },
}

export function artistEventRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [CountedEvent, Page]) app.addSchema(each)
  typed(app).get('/api/stats/artist/:artistId/events', { schema }, async (request, reply) => {
    const { artistId } = request.params
    const page = await services.questions.artistEvents({ ...request.query, artistId }, askerOf(request, reply))
    const definitions = services.definitions.version
    const items = page.items.map(shown)
    const table = () => ({ fileName: `events-${artistId}`, columns: Object.keys(CountedEvent.properties), rows: items })
    return sendStatistic(request, reply, { ...page, items }, { table, definitions })
  })
}

function shown({ release, amount, ...event }: EventOfArtist) {
  return {
    ...event,
    trackKey: release?.type === 'track' ? release.key : null,
    albumId: release?.albumId ?? null,
    title: release?.title ?? null,
    amount: amount === null ? null : exactNumber(amount),
  }
}
