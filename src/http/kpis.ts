/** `GET …/kpis`: the figures of an artist, an album and a track, and `GET /api/stats/overview`: those of the platform. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Kpis as KpiAnswer } from '../statistics/kpis.ts'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { kpis, kpiTable, platformKpis, withExactMoney } from './kpi-schemas.ts'
import { ArtistId, artistParams } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { rangeParameters, seriesParameters } from './range-parameters.ts'
import { releaseFields } from './release-fields.ts'
import { formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const ArtistKpis = Type.Object(
  { artistId: Type.String(), ...kpis.properties },
  { $id: 'ArtistKpis', description: 'The figures of an artist.' },
)

const ReleaseKpis = Type.Object(
  {
    ...releaseFields,
    artistId: Type.Union([Type.String(), Type.Null()], {
      description: 'What the figures of its artist are asked by; null where none is known.',
    }),
    ...kpis.properties,
  },
  { $id: 'ReleaseKpis', description: 'The figures of an album or a track.' },
)

const PlatformKpis = Type.Object(platformKpis.properties, {
  $id: 'PlatformKpis',
  description: 'The figures of the whole platform.',
})

export type ArtistKpis = Static<typeof ArtistKpis>
export type ReleaseKpis = Static<typeof ReleaseKpis>
export type PlatformKpis = Static<typeof PlatformKpis>

const querystring = Type.Object({ ...rangeParameters, ...seriesParameters, ...formatParameter })
const CSV = 'As CSV, the series, or the whole range as its only row.'

const route = <T extends Type.TSchema>(operationId: string, summary: string, answer: T) => ({
  operationId,
  summary,
  tags: ['Statistics'],
  querystring,
  response: { 200: tableResponse(named(answer), CSV), ...problemResponses(400, 429, 503) },
})

const artistRoute = {
  ...route('getArtistKpis', 'The figures of an artist', ArtistKpis),
  description: 'Zeros for an artist that nobody ever heard of.',
  params: artistParams,
}

const albumRoute = {
  ...route('getAlbumKpis', 'The figures of an album', ReleaseKpis),
  description: 'Each event counts once, however many artists it credits. Zeros for an album that nothing names.',
  params: Type.Object({ albumId: ArtistId('The id of the album.') }),
}

const trackRoute = {
  ...route('getTrackKpis', 'The figures of a track', ReleaseKpis),
  description: 'Each event counts once, however many artists it credits. Zeros for a track that nothing names.',
  params: Type.Object({ trackKey: ArtistId('The `key` of the track, such as `<albumId>_1`.') }),
}

const overviewRoute = {
  ...route('getOverview', 'The figures of the whole platform', Type.Unsafe<object>(PlatformKpis)),
  description: 'Each event counts once, however many artists it credits; events that name nobody count too.',
}

export function kpiRoutes(app: FastifyInstance, services: AppServices): void {
  const schemas = [kpis.Point, kpis.Previous, ArtistKpis, ReleaseKpis, platformKpis.Point, platformKpis.Previous]
  for (const each of [...schemas, PlatformKpis]) app.addSchema(each)
  const send = <T extends object>(
    request: FastifyRequest,
    reply: FastifyReply,
    name: string,
    of: T,
    found: KpiAnswer,
  ) =>
    sendStatistic(
      request,
      reply,
      { ...of, ...withExactMoney(found) },
      { table: () => kpiTable(`kpis-${name}`, found), definitions: services.definitions.version },
    )

  typed(app).get('/api/stats/artist/:artistId/kpis', { schema: artistRoute }, async (request, reply) => {
    const { artistId } = request.params
    const { artistId: _, ...found } = await services.questions.artistKpis(
      { ...request.query, artistId },
      askerOf(request, reply),
    )
    return send(request, reply, artistId, { artistId }, found)
  })
  for (const [kind, path, schema] of [
    ['album', '/api/stats/album/:albumId/kpis', albumRoute],
    ['track', '/api/stats/track/:trackKey/kpis', trackRoute],
  ] as const) {
    typed(app).get(path, { schema }, async (request, reply) => {
      const [id] = Object.values(request.params) as [string]
      const question = { ...request.query, kind, id }
      const { entity, kpis: found } = await services.questions.releaseKpis(question, askerOf(request, reply))
      return send(request, reply, id, entity, found)
    })
  }
  typed(app).get('/api/stats/overview', { schema: overviewRoute }, async (request, reply) =>
    send(request, reply, 'platform', {}, await services.questions.overview(request.query, askerOf(request, reply))),
  )
}
