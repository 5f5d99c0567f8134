import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { withEvents } from '../../test/support/query-store.ts'
import { writeRecords } from '../catalogue/catalogue-record.ts'
import { type IngestedEvent, toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import { artistRef } from '../identity/entity-ref.ts'
import type { Figures, Snapshot } from '../storage/figures.ts'
import type { Interval, Storage } from '../storage/storage.ts'
import { ExactAnswers, type ExactAnswersOptions } from './exact-answers.ts'

interface Answer {
  plays: number
  owners: number
}

const WEEKS = [0, 100, 200].map(from => ({ from, to: from + 100 }))
const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

let ids = 0
function play(at: number, artistId = '4'): IngestedEvent {
  const event = { eventType: 'track.played', entityType: 'artist', entityId: artistId } as const
  return { event: { ...event, eventId: `e${ids++}`, timestamp: at }, decision: { currency: 'EUR' } }
}

async function add(figures: Figures, storage: Storage, ...events: IngestedEvent[]): Promise<void> {
  await storage.append(events.map(toLogEntry))
  await catchUp(storage, figures, noneSetAside)
}

async function count(reads: Snapshot, { from, to }: Interval): Promise<Answer> {
  const [row] = await reads.rows<Answer>(
    `SELECT count(*) AS plays, count(DISTINCT coalesce(owner, key)) AS owners FROM facts LEFT JOIN attribution USING (key)
     WHERE instant >= $from AND instant < $to`,
    { from: Number.isFinite(from) ? from : -1e9, to: Number.isFinite(to) ? to : 1e9 },
  )
  return row!
}

async function* countEach(reads: Snapshot, intervals: readonly Interval[]): AsyncGenerator<Answer[]> {
  for (const interval of intervals) yield [await count(reads, interval)]
}

/** Answers of the intervals, and the starts of those that were computed. */
class Asking {
  readonly #answers: ExactAnswers<Answer>

  constructor(options: Partial<ExactAnswersOptions<Answer>> = {}) {
    this.#answers = new ExactAnswers<Answer>({ maxBytes: 10_000, bytesOf: () => 1000, ...options })
  }

  async ask(
    figures: Figures,
    intervals: readonly Interval[] = WEEKS,
  ): Promise<{ plays: number[]; computed: number[] }> {
    const computed: number[] = []
    const answers = await figures.ask(reads =>
      this.#answers.get(reads, 'counts', intervals, async function* (missing) {
        computed.push(...missing.map(({ from }) => from))
        yield* countEach(reads, missing)
      }),
    )
    const right = await figures.ask(reads => Promise.all(intervals.map(interval => count(reads, interval))))
    assert.deepEqual(answers, right)
    return { plays: answers.map(({ plays }) => plays), computed }
  }
}

test('what is asked again is not computed again', async () => {
  const asking = new Asking()
  await withEvents([play(10), play(150)], 1, async figures => {
    assert.deepEqual(await asking.ask(figures, WEEKS.slice(0, 2)), { plays: [1, 1], computed: [0, 100] })
    assert.deepEqual(await asking.ask(figures), { plays: [1, 1, 0], computed: [200] })
    assert.deepEqual(await asking.ask(figures, [...WEEKS].reverse()), { plays: [0, 1, 1], computed: [] })
  })
})

test('a late event makes the answers new whose intervals it is in, from their first to their last millisecond', async () => {
  const asking = new Asking()
  await withEvents([play(10), play(150)], 1, async (figures, storage) => {
    await asking.ask(figures)
    for (const [at, computed] of [
      [100, [100]],
      [99, [0]],
      [199, [100]],
      [300, []],
      [-1, []],
    ] as const) {
      await add(figures, storage, play(at))
      assert.deepEqual((await asking.ask(figures)).computed, computed, `an event at ${at}`)
    }
    assert.deepEqual((await asking.ask(figures, [ALWAYS])).plays, [7])
    await add(figures, storage, play(1000))
    assert.deepEqual(await asking.ask(figures, [ALWAYS]), { plays: [8], computed: [ALWAYS.from] })
  })
})

test('answers that are computed at different times are each compared with their own time', async () => {
  const asking = new Asking()
  await withEvents([play(10)], 1, async (figures, storage) => {
    await asking.ask(figures, WEEKS.slice(0, 1))
    await add(figures, storage, play(150))
    await asking.ask(figures, WEEKS.slice(1, 2))
    await add(figures, storage, play(250))
    assert.deepEqual((await asking.ask(figures)).computed, [200])
  })
})

test('an attribution that changes makes all answers new, unless they do not depend on it', async () => {
  const [asking, unattributed] = [new Asking(), new Asking({ isUnattributed: true })]
  const named = play(10)
  named.event = { ...named.event, entityType: 'track', entityId: 't', metadata: { artist: 'Ana' } }
  await withEvents([named], 1, async (figures, storage) => {
    for (const each of [asking, unattributed]) await each.ask(figures)
    const record = { kind: 'artist', at: 0, name: 'Ana', genre: null } as const
    await writeRecords(storage.documents, [[artistRef('4'), record]])
    await catchUp(storage, figures, noneSetAside)
    assert.deepEqual((await asking.ask(figures)).computed, [0, 100, 200])
    assert.deepEqual((await asking.ask(figures)).computed, [])
    assert.deepEqual((await unattributed.ask(figures)).computed, [])
  })
})

test('figures that are begun anew get no answer of those before, even at the same checkpoint', async () => {
  const asking = new Asking()
  const events = [play(10), play(150)]
  await withEvents(events, 1, async figures => void (await asking.ask(figures)))
  await withEvents(events, 1, async figures => {
    assert.deepEqual((await asking.ask(figures)).computed, [0, 100, 200])
  })
})

test('a question that sees an older state than a kept answer gets one of its own state', async () => {
  const answers = new ExactAnswers<Answer>({ maxBytes: 10_000, bytesOf: () => 1000 })
  const [week] = WEEKS as [Interval]
  const ask = (reads: Snapshot) => answers.get(reads, 'counts', [week], missing => countEach(reads, missing))
  await withEvents([play(10)], 1, async (figures, storage) => {
    await figures.ask(async older => {
      await older.checkpoint()
      await add(figures, storage, play(20))
      assert.deepEqual(await figures.ask(ask), [{ plays: 2, owners: 1 }])
      assert.deepEqual(await ask(older), [{ plays: 1, owners: 1 }])
    })
    assert.deepEqual(await figures.ask(ask), [{ plays: 2, owners: 1 }])
  })
})

test('answers take a limited number of bytes; the least recently used are dropped', async () => {
  const asking = new Asking({ maxBytes: 2_500 })
  await withEvents([play(10)], 1, async figures => {
    await asking.ask(figures)
    assert.deepEqual((await asking.ask(figures, WEEKS.slice(1))).computed, [])
    assert.deepEqual((await asking.ask(figures, WEEKS.slice(0, 1))).computed, [0])
  })
})

test('what was computed before a question failed is not computed again', async () => {
  const answers = new ExactAnswers<Answer>({ maxBytes: 10_000, bytesOf: () => 1000 })
  const computed: number[] = []
  await withEvents([play(10), play(150)], 1, async figures => {
    const ask = (failsAt: number) =>
      figures.ask(reads =>
        answers.get(reads, 'counts', WEEKS, async function* (missing) {
          for (const interval of missing) {
            if (interval.from === failsAt) throw new Error('too slow')
            computed.push(interval.from)
            yield [await count(reads, interval)]
          }
        }),
      )
    await assert.rejects(ask(200), /too slow/)
    assert.deepEqual(
      (await ask(Number.NaN)).map(({ plays }) => plays),
      [1, 1, 0],
    )
  })
  assert.deepEqual(computed, [0, 100, 200])
})
