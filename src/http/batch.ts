/** `POST /api/stats/events/batch`: many events, as JSON or as a stream of lines. */
import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { unavailable } from '../errors.ts'
import { EventSchema } from '../events/schema.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { clientOf, type Keys } from './auth.ts'
import { type Receive, receiveChunks, receiver } from './batch-items.ts'
import { BatchCounter, type BatchResult, fitResults } from './batch-result.ts'
import { refuseWideText } from './body.ts'
import { drain, readWhole, tooLarge } from './body-stream.ts'
import { MAX_BATCH_EVENTS, readBatch } from './json-batch.ts'
import { takeStreams } from './media-types.ts'
import type { Metrics } from './metrics.ts'
import { answerLines, MAX_REFUSED } from './ndjson.ts'
import { problemResponses } from './problem.ts'
import { Quota } from './quota.ts'

const LINES = 'application/x-ndjson'
const MAX_BATCH_BYTES = 16 * 1024 * 1024
/** Decoded bytes of all bodies that are read as a whole and not answered yet. */
const MAX_BYTES_UNDER_WAY = 64 * 1024 * 1024
/** Streams of lines under way; each takes some buffers, and its decoder up to 16 MB (brotli). */
const MAX_STREAMS = 16

const Events = Type.Array(named(EventSchema), { maxItems: MAX_BATCH_EVENTS })
const EventList = Type.Object({ events: Events }, { $id: 'EventList', description: 'Events, as a field of an object.' })

const Result = Type.Object(
  {
    index: Type.Integer({ description: 'Position in the batch, from 0.' }),
    id: Type.String(),
    status: oneOf(['accepted', 'duplicate', 'conflict', 'rejected', 'unavailable']),
    code: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
  },
  { $id: 'ItemResult', description: 'What became of an event of a batch.' },
)

const Answer = Type.Object(
  {
    accepted: Type.Integer(),
    duplicates: Type.Integer(),
    rejected: Type.Integer({ description: 'Rejected, or in conflict with another event of the same id.' }),
    unavailable: Type.Integer({ description: 'Not written: to be sent again.' }),
    results: Type.Array(named(Result)),
    cut: Type.Optional(
      Type.Literal(true, {
        description:
          'Results would be longer than 1 MB: the last ones lack messages, ends of long ids (`…`), or codes. Each event is named.',
      }),
    ),
    error: Type.Optional(
      Type.Object(
        { code: Type.String(), message: Type.String() },
        { description: 'Lines only: why reading ended early; what was read before is in the counts.' },
      ),
    ),
  },
  { $id: 'BatchResult', description: 'What became of a batch.' },
)

const schema = {
  operationId: 'postEvents',
  summary: 'Takes in many events',
  description: `Each event is treated by itself; a bad one never affects the others. gzip, brotli and deflate are understood.

As \`application/json\` (or \`text/plain\`, which \`navigator.sendBeacon\` sends): an array, or an object with \`events\`; at most ${MAX_BATCH_EVENTS} events and 16 MiB after decoding.
\`results\` names every event, in at most 1 MB: where that is not enough, the last ones lack messages, then ends of long ids,
then codes, and \`cut\` says so. Where no event at all could be written, the answer is \`503\`.

As \`application/x-ndjson\`: an event a line, without a limit on their number; a line of more than 64 KiB is rejected. The
answer is of the same form, is written while lines are read, and names only those that are neither accepted nor duplicates:
a client that sends many bad lines must read while it sends. After ${MAX_REFUSED} refused lines, or 100,000 blank ones in a row,
reading ends: \`error\` says so, and the counts tell how many lines were taken in.

A body that does not grow by 1 KiB in ten seconds (lines: at all, once their answer has begun) is cut with \`408\`, one that decodes
to more than 200 times of what was sent is \`413 compression_ratio\`. One client (a key, else an address) may have 16 MiB of JSON and
4 streams of lines under way; more are \`503\`.

    {"eventType":"track.played","timestamp":"2026-11-24T10:00:00Z","entityType":"track","entityId":"t1"}
    {"eventType":"artist.followed","timestamp":"2026-11-24T10:00:01Z","entityType":"artist","entityId":"4"}`,
  tags: ['Events'],
  // Lines are described in words only: generators of clients leave out a route with a content type they don't know.
  body: Type.Union([Events, named(EventList)]),
  response: { 200: named(Answer), ...problemResponses(400, 401, 408, 413, 415, 429, 503) },
}

/** `keys`: the valid ones; a request that carries one counts for the key in the quotas, as with rate limits. */
export function batchRoutes(app: FastifyInstance, services: AppServices, metrics: Metrics, keys: Keys): void {
  for (const each of [EventList, Result, Answer]) app.addSchema(each)
  const receive = receiver(services, metrics)
  const closing = new AbortController()
  const bodies = new Quota(MAX_BYTES_UNDER_WAY, 'large bodies')
  const streams = new Quota(MAX_STREAMS, 'streams of lines')
  app.addHook('preClose', done => {
    closing.abort()
    done()
  })
  takeStreams(app, ['application/json', 'text/plain', LINES])
  typed(app).post<{ Body: Readable | undefined }>(
    '/api/stats/events/batch',
    {
      schema,
      validatorCompiler: () => () => true,
      serializerCompiler: () => JSON.stringify,
    },
    async (request, reply) => {
      const { body, raw } = request
      const client = clientOf(request, keys)
      reply.type('application/json; charset=utf-8')
      if (request.mediaType === LINES && body) {
        streams.for(client, reply.raw)(1)
        // The client may go on sending after the answer.
        reply.raw.once('finish', () => (closing.signal.aborted ? raw.destroy() : drain(raw)))
        return reply.send(answerLines(body, receive, closing.signal))
      }
      if (Number(request.headers['content-length']) > MAX_BATCH_BYTES) throw tooLarge()
      const bytes = body && (await readWhole(body, MAX_BATCH_BYTES, bodies.for(client, reply.raw)))
      reply.compress(JSON.stringify(await answerBatch(bytes, receive)))
      return reply
    },
  )
}

async function answerBatch(bytes: Buffer | undefined, receive: Receive): Promise<BatchResult> {
  if (bytes) refuseWideText(bytes)
  const { count, chunks } = await readBatch(bytes)
  const counter = new BatchCounter()
  const results: BatchResult['results'] = []
  for await (const chunk of receiveChunks(chunks, receive)) results.push(...counter.add(chunk))
  if (count > 0 && counter.unavailable === count) throw unavailable('None of the events could be written')
  return { ...counter.counts(), ...fitResults(results) }
}
