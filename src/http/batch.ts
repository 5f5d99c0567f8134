/** `POST /api/stats/events/batch`: many events, as JSON or as a stream of lines. */
import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { AppServices } from '../app-services.ts'
import { cutText } from '../cut-text.ts'
import { invalidInput, ServiceError, unavailable } from '../errors.ts'
import { EventSchema } from '../events/schema.ts'
import { named, oneOf, typed } from './api.ts'
import { type BatchResult, BatchTally } from './batch-tally.ts'
import { MAX_EVENT_BYTES, parseBody } from './body.ts'
import { OWN_CORS } from './cross-origin.ts'
import { takeBytes } from './media-types.ts'
import type { Metrics } from './metrics.ts'
import { answerLines } from './ndjson.ts'
import { problemResponses } from './problem.ts'
import { type Item, OVERSIZED_KEPT, type Receive, receiveChunks, receiver } from './receive.ts'
import { keepRoom } from './room.ts'

const MAX_BATCH_BYTES = 16 * 1024 * 1024
const MAX_BATCH_EVENTS = 10_000
/** Items that are validated and written at a time; more would keep other requests waiting. */
const CHUNK = 500

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
\`results\` names every event. Where no event at all could be written, the answer is \`503\`.

As \`application/x-ndjson\`: an event a line, without a limit on their number; a line of more than 64 KiB is rejected. The
answer is of the same form, is written while lines are read, and names only those that are neither accepted nor duplicates:
a client that sends many bad lines must read while it sends.

    {"eventType":"track.played","timestamp":"2026-11-24T10:00:00Z","entityType":"track","entityId":"t1"}
    {"eventType":"artist.followed","timestamp":"2026-11-24T10:00:01Z","entityType":"artist","entityId":"4"}`,
  tags: ['Events'],
  // Lines are told of in words only: generators leave a route out that takes a content type they don't know.
  body: Type.Union([Events, named(EventList)]),
  response: { 200: named(Answer), ...problemResponses(400, 401, 413, 415, 429, 503) },
}

export function batchRoutes(app: FastifyInstance, services: AppServices, metrics: Metrics): void {
  for (const each of [EventList, Result, Answer]) app.addSchema(each)
  const receive = receiver(services, metrics)
  const closing = new AbortController()
  app.addHook('preClose', done => {
    closing.abort()
    done()
  })
  takeBytes(app, ['application/json', 'text/plain'], ['application/x-ndjson'])
  typed(app).post<{ Body: Buffer | Readable | undefined }>(
    '/api/stats/events/batch',
    {
      bodyLimit: MAX_BATCH_BYTES,
      preParsing: keepRoom(),
      schema,
      config: OWN_CORS,
      validatorCompiler: () => () => true,
      serializerCompiler: () => JSON.stringify,
    },
    async ({ body, raw }, reply) => {
      reply.type('application/json; charset=utf-8')
      if (body === undefined || Buffer.isBuffer(body)) {
        reply.compress(JSON.stringify(await answerBatch(itemsOf(body), receive)))
        return reply
      }
      // What a client goes on to send after the answer is nobody's any more.
      reply.raw.once('finish', () => closing.signal.aborted && raw.destroy())
      return reply.send(answerLines(body, receive, closing.signal))
    },
  )
}

async function answerBatch(items: readonly Item[], receive: Receive): Promise<BatchResult> {
  const tally = new BatchTally()
  const results: BatchResult['results'] = []
  for await (const chunk of receiveChunks(chunksOf(items), receive)) results.push(...tally.add(chunk))
  if (items.length > 0 && tally.unavailable === items.length) throw unavailable('None of the events could be written')
  return { ...tally.counts(), results }
}

function* chunksOf(items: readonly Item[]): Generator<Item[]> {
  for (let i = 0; i < items.length; i += CHUNK) yield items.slice(i, i + CHUNK)
}

function itemsOf(body: Buffer | undefined): Item[] {
  if (body) refuseAbyss(body)
  const value = parseBody(body)
  const events = Array.isArray(value) ? value : (value as { events?: unknown } | null)?.events
  if (!Array.isArray(events)) {
    throw invalidInput([
      { path: 'events', code: 'required', message: 'must be an array, or the body itself must be one' },
    ])
  }
  if (events.length > MAX_BATCH_EVENTS) {
    throw new ServiceError(
      413,
      'too_many_events',
      `A batch takes at most ${MAX_BATCH_EVENTS} events; send lines for more`,
    )
  }
  // Where the whole body is no longer than an event may be, none of them can be too long.
  return body && body.length > MAX_EVENT_BYTES ? events.map(sized) : events.map(value => ({ value }))
}

function sized(value: unknown): Item {
  const text = textOf(value)
  const tooLong = text.length > MAX_EVENT_BYTES || Buffer.byteLength(text) > MAX_EVENT_BYTES
  return tooLong ? { oversized: cutText(text, OVERSIZED_KEPT) } : { value }
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // Nested too deeply to be written; the intake says so.
    return ''
  }
}

/** Nesting deeper than an event can be long: parsing it would hold up everybody for seconds. */
function refuseAbyss(body: Buffer): void {
  let depth = 0
  let quoted = false
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]
    if (byte === 0x22) quoted = !quoted
    else if (quoted) i += byte === 0x5c ? 1 : 0
    else if (byte === 0x5b || byte === 0x7b) depth++
    else if (byte === 0x5d || byte === 0x7d) depth--
    if (depth > MAX_EVENT_BYTES)
      throw invalidInput([{ path: '', code: 'too_deep', message: 'The body is nested too deeply' }])
  }
}
