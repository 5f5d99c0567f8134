/** `GET /api/stats/live`: what happens at this moment, as server-sent events; and the last 48 hours by minute. */
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import { unavailable } from '../errors.ts'
import { type LiveStream, MAX_STREAMS } from '../live/live-feed.ts'
import { eventText, retryText } from '../live/server-sent-events.ts'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { ArtistId, Nullable } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  // nginx passes the answer on as it comes.
  'x-accel-buffering': 'no',
}

/** After so many milliseconds a client connects again where its stream ends. */
const RECONNECT_MS = 3_000

const Track = Type.Object(
  {
    id: Type.String({ description: '`<albumId>_<n>` where the album is known.' }),
    title: Nullable,
    albumId: Nullable,
    artistName: Nullable,
    coverImage: Nullable,
    plays: Type.Integer({ description: 'In the last five minutes.' }),
  },
  { $id: 'LiveTrack', description: 'A track that is being played.' },
)

const Message = Type.Object(
  {
    at: Type.String({ description: 'ISO 8601. All figures are of one state at this instant.' }),
    since: Type.Union([Type.String(), Type.Null()], {
      description:
        'The `at` of the message before, also where that was sent before this stream began; null where nobody watched.',
    }),
    artistId: Type.Optional(Type.String({ description: 'As it was asked for; absent for the platform.' })),
    events: Type.Integer({ description: 'Counted since the message before, whenever they happened.' }),
    plays: Type.Integer({ description: 'Counted since the message before, whenever they happened.' }),
    listeners: Type.Integer({ description: 'Different known listeners of the plays of the last five minutes.' }),
    tracks: Type.Array(named(Track), { description: 'Most plays in the last five minutes first; at most ten.' }),
    ...definitionsProperty,
  },
  { $id: 'LiveMessage', description: 'What happens at this moment: the data of a message without an event name.' },
)

const StreamEvent = Type.Object(
  {
    event: Type.Optional(Type.String({ description: 'Absent for a message; `stale` or `end`.' })),
    data: Type.String({ contentMediaType: 'application/json', contentSchema: named(Message) }),
  },
  { $id: 'LiveEvent', description: 'A server-sent event. The data of one without a name is a `LiveMessage` as JSON.' },
)

export type LiveMessage = Static<typeof Message>

const Minute = Type.Object(
  {
    start: Type.String(),
    end: Type.String({ description: 'Excluded.' }),
    events: Type.Integer({ description: 'Counted events of any kind, each once.' }),
    plays: Type.Integer(),
    listeners: Type.Integer({ description: 'Different known listeners of the plays.' }),
  },
  { $id: 'LiveMinute', description: 'The figures of one minute.' },
)

const History = Type.Object(
  {
    artistId: Type.Optional(Type.String({ description: 'As it was asked for; absent for the platform.' })),
    series: Type.Array(named(Minute), { description: 'Zeros included; the last minute is the present one.' }),
    ...definitionsProperty,
  },
  { $id: 'LiveHistory', description: 'The last 48 hours by minute.' },
)

export type LiveHistory = Static<typeof History>

const artistId = Type.Optional(
  ArtistId('Narrows everything to this artist: its id, its `_id` in the catalogue, or its name.'),
)

const streamSchema = {
  operationId: 'getLive',
  summary: 'What happens at this moment, as a stream',
  description: `Server-sent events: once a second, a message whose data is a \`LiveMessage\`. No event is counted in two messages, and none
is left out between two. Comment lines are signs of life.

The event \`stale\` says that no figures can be given at this moment; the next message has what was missed. The event \`end\`
says why the stream ends: the service stops (\`{"reason":"shutdown"}\`), or a client that has fewer streams needs the place
(\`displaced\`). A client that does not read is cut off. There are ${MAX_STREAMS.toLocaleString('en')} places for streams.`,
  tags: ['Statistics'],
  querystring: Type.Object({ artistId }),
  response: {
    200: {
      description: 'A stream that goes on as long as the client stays. The data of each message is a `LiveMessage`.',
      content: { 'text/event-stream': { schema: named(StreamEvent) } },
    },
    ...problemResponses(400, 429, 503),
  },
}

const historySchema = {
  operationId: 'getLiveHistory',
  summary: 'The last 48 hours by minute',
  description: 'By the instants of the events, in UTC. Zeros for an artist that nobody ever heard of.',
  tags: ['Statistics'],
  querystring: Type.Object({ artistId, ...formatParameter }),
  response: {
    200: tableResponse(named(History), '2,880 minutes.'),
    ...problemResponses(400, 429, 503),
  },
}

export function liveRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Track, Message, StreamEvent, Minute, History]) app.addSchema(each)
  streamRoute(app, services)
  typed(app).get('/api/stats/live/history', { schema: historySchema }, async (request, reply) => {
    const { artistId } = request.query
    const series = await services.questions.liveHistory(artistId, askerOf(request, reply))
    const { version } = services.definitions
    const table = () => ({ fileName: 'live-history', columns: Object.keys(Minute.properties), rows: series })
    const answer = { ...(artistId === undefined ? {} : { artistId }), series }
    return sendStatistic(request, reply, answer, { table, definitions: version })
  })
}

function streamRoute(app: FastifyInstance, { live }: AppServices): void {
  const open = new Set<LiveStream>()
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
    for (const stream of open) stream.end(eventText('end', { reason: 'shutdown' }))
  })
  const config = { isStream: true } as const
  // A compressed stream would wait until there is enough to compress.
  const options = { schema: streamSchema, config, compress: false } as const
  typed(app).get('/api/stats/live', options, async (request, reply) => {
    reply.headers(STREAM_HEADERS)
    if (request.method === 'HEAD') {
      writeHead(reply)
      reply.raw.end()
      return reply
    }
    if (isClosing) throw unavailable('the service is stopping')
    const stream = streamTo(reply)
    const leave = live.watch(request.query.artistId, request.client, stream)
    open.add(stream)
    reply.raw.once('close', () => {
      leave()
      open.delete(stream)
    })
    writeHead(reply)
    reply.raw.write(retryText(RECONNECT_MS))
    return reply
  })
}

/** Fastify sends nothing more then, and in particular no length. */
function writeHead(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
}

/** A stream over the connection of an answer. */
function streamTo({ raw }: FastifyReply): LiveStream {
  return {
    send(text) {
      // Its last text is on the way.
      if (raw.writableEnded) return
      if (raw.writableLength > 0) raw.destroy()
      else raw.write(text)
    },
    end(text) {
      if (raw.writableLength > 0) raw.destroy()
      else raw.end(text, () => raw.socket?.destroySoon())
    },
  }
}
