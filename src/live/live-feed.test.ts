import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { QuestionRefused } from '../storage/figures.ts'
import type { LiveAnswer, LiveFigures } from './live-counts.ts'
import { LiveFeed, type LiveStream, MAX_STREAMS } from './live-feed.ts'

const AT = Date.parse('2026-11-24T10:00:00Z')
const NOTHING: LiveFigures = { events: 0, plays: 0, listeners: 0, tracks: [] }

class TestStream implements LiveStream {
  readonly sent: string[] = []
  last: string | undefined

  send(text: string): void {
    this.sent.push(text)
  }

  end(text: string): void {
    this.last = text
  }

  get messages() {
    return this.sent.map(text => JSON.parse(text.replace('data: ', '')) as Record<string, unknown>)
  }
}

/** A feed on a clock that moves by hand, and what was asked for it. */
function newFeed(t: TestContext, answer = (_asked: readonly string[]): Partial<LiveAnswer> => ({})) {
  const clock = new ManualClock()
  const asked: (readonly string[] | 'forget')[] = []
  const errors: unknown[] = []
  const feed = new LiveFeed({
    figures: {
      async liveCounts(artistIds) {
        asked.push(artistIds)
        const artists = artistIds.map((_, i) => ({ ...NOTHING, plays: i + 1 }))
        return { at: AT, since: null, platform: NOTHING, artists, ...answer(artistIds) }
      },
      async forgetLiveCounts() {
        asked.push('forget')
      },
    },
    catalogue: null,
    definitions: 'v1',
    clock: () => AT,
    log: error => errors.push(error),
    monotonic: clock,
  })
  t.after(() => feed.close())
  return { feed, clock, asked, errors }
}

test('one question a second serves all streams, while somebody watches', async t => {
  const { feed, clock, asked } = newFeed(t)
  await clock.pass(5_000)
  assert.deepEqual(asked, [])
  const streams = Array.from({ length: 4 }, () => new TestStream())
  const leave = streams.map((stream, i) => feed.watch([undefined, '4', '9', '4'][i], 'a', stream))
  await clock.pass(2_500)
  assert.deepEqual(asked, [
    ['4', '9'],
    ['4', '9'],
    ['4', '9'],
  ])
  const [ofAll, of4, of9, of4Too] = streams.map(({ messages }) => messages[2]!)
  assert.deepEqual(ofAll, { definitions: 'v1', at: '2026-11-24T10:00:00.000Z', since: null, ...NOTHING })
  assert.deepEqual([of4?.artistId, of4?.plays], ['4', 1])
  assert.deepEqual([of9?.artistId, of9?.plays], ['9', 2])
  assert.deepEqual(of4Too, of4)
  for (const each of leave) each()
  await clock.pass(5_000)
  assert.deepEqual(asked.slice(3), ['forget'])
})

test('a question that takes long makes messages rarer, so that it has a quarter of the time at most', async t => {
  const { feed, clock, asked } = newFeed(t, () => {
    clock.work(500)
    return {}
  })
  feed.watch(undefined, 'a', new TestStream())
  await clock.pass(4_000)
  assert.equal(asked.length, 3)
})

test('where the figures do not answer, streams are told and stay', async t => {
  let refused: Error | undefined = new QuestionRefused('not now')
  const { feed, clock, errors } = newFeed(t, () => {
    if (refused) throw refused
    return {}
  })
  const stream = new TestStream()
  feed.watch(undefined, 'a', stream)
  await clock.pass(500)
  assert.deepEqual(stream.sent, ['event: stale\ndata: {"at":"2026-11-24T10:00:00.000Z"}\n\n'])
  refused = new Error('nobody expects this')
  await clock.pass(1_000)
  assert.deepEqual(errors, [refused])
  refused = undefined
  await clock.pass(1_000)
  assert.match(stream.sent.at(-1)!, /^data: /)
})

test('streams get signs of life while no message is due', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { feed } = newFeed(t)
  const stream = new TestStream()
  feed.watch('4', 'a', stream)
  t.mock.timers.tick(10_000)
  assert.deepEqual(stream.sent, [': heartbeat\n\n'])
})

test('a client that holds all places gets no more, and loses some to others, who are told why', t => {
  const { feed } = newFeed(t)
  const streams = Array.from({ length: MAX_STREAMS }, () => new TestStream())
  const leave = streams.map(stream => feed.watch(undefined, 'a', stream))
  const refusal = { status: 503, code: 'unavailable', retryAfter: 10 }
  assert.throws(() => feed.watch('4', 'a', new TestStream()), refusal)
  feed.watch('4', 'b', new TestStream())
  assert.equal(streams.at(-1)?.last, 'event: end\ndata: {"reason":"displaced"}\n\n')
  assert.throws(() => feed.watch('4', 'a', new TestStream()), refusal)
  leave[0]!()
  feed.watch('4', 'a', new TestStream())
})
