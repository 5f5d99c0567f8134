/** Questions that read very much: they cost neither the memory of the process nor the time of small questions. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { albumRef } from '../../src/identity/entity-ref.ts'
import { openFigures } from '../../src/opening/open-figures.ts'
import { openEmbedded } from '../../src/opening/open-storage.ts'
import type { Association, EventFacts, Fact } from '../../src/storage/figures.ts'
import { json, postBatch, problem, until } from '../support/http.ts'
import { ref } from '../support/ref.ts'
import { ServiceProcess } from '../support/service-process.ts'

const UNATTRIBUTED_ALBUMS = 100_000
const NEW_NAMES = 200_000
const ALBUMS = 600_000
const LIKED_ALBUMS = 300_000
const FOLLOWED = 500_000
const MONTHS = 24_000

const MAX_MEMORY_MB = 500
const MAX_SMALL_MS = 300
const BATCH = 50_000
const HOUR_MS = 3_600_000
const MONTH_MS = 30 * 24 * HOUR_MS
const NOW = Date.now()

/** Events of one credit each: the fact, and what it names together. */
type Row = [fact: Fact, ...associations: Association[]]

const fact = (key: string, instant: number, more: Partial<Fact> = {}): Fact => ({
  ...{ key: ref(key), instant, measure: 'plays', counts: 1, part: 0 },
  ...more,
})

function* rows(): Generator<Row> {
  for (let i = 0; i < UNATTRIBUTED_ALBUMS; i++) yield [fact(`album:free-${i}`, NOW - MONTH_MS - i)]
  for (let i = 0; i < NEW_NAMES; i++) yield [fact(`name:newcomer ${i}`, NOW - (i % HOUR_MS))]
  for (let i = 0; i < ALBUMS; i++) {
    const album = albumRef(String(i))
    const listener = `u${i % 5_000}`
    yield [fact(album, NOW - MONTH_MS - i * 1_000, { album, listener }), { from: album, to: ref('artist:big') }]
  }
  for (let i = 0; i < LIKED_ALBUMS; i++) {
    const album = albumRef(String(i))
    yield [fact(album, NOW - 2 * MONTH_MS, { album, listener: 'fan', measure: 'likes' })]
  }
  for (let i = 0; i < FOLLOWED; i++) yield [fact(`artist:${i}`, NOW - HOUR_MS * 30, { measure: 'follows' })]
  for (let i = 0; i < MONTHS; i++) {
    const month = Date.UTC(2000, i % 24, 3)
    yield [fact('artist:short', month)]
    // Those of the years 0 to 1999.
    yield [fact('artist:long', new Date(0).setUTCFullYear(Math.floor(i / 12), i % 12, 3))]
  }
  yield [fact('artist:small', NOW)]
}

/** Figures of no log at all, which a service goes on with. */
async function build(dataDir: string): Promise<void> {
  const storage = openEmbedded(dataDir)
  const figures = await openFigures({ dataDir, mongo: null }, { memory: '256MB', threads: 2 }, storage)
  try {
    const source = rows()
    for (let seq = 0; ; ) {
      const slice: EventFacts[] = []
      for (let next = source.next(); !next.done; next = source.next()) {
        const [own, ...associations] = next.value
        slice.push({ seq: ++seq, facts: [own], associations })
        if (slice.length === BATCH) break
      }
      if (slice.length === 0) break
      await figures.apply(only(slice), { seq: 0, eventId: null })
    }
    while (await figures.tidy());
  } finally {
    await figures.close()
    await storage.close()
  }
}

async function* only<T>(slice: T): AsyncGenerator<T> {
  yield slice
}

let service: ServiceProcess
let dataDir: string
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'stats-heavy-'))
  await build(dataDir)
  service = await ServiceProcess.start({ dataDir })
})
after(async () => {
  await service?.end('SIGKILL')
  await rm(dataDir, { recursive: true })
})

const ask = (path: string, signal: AbortSignal | null = null) => fetch(`${service.url}/api/${path}`, { signal })
const answer = async <T>(path: string) => json<T>(await ask(path))

/** Runs `work` while small questions are asked and the memory is looked at. */
async function beside(t: TestContext, work: () => Promise<void>): Promise<void> {
  let isDone = false
  const begun = performance.now()
  const worked = work().finally(() => {
    isDone = true
  })
  const times: number[] = []
  let memory = 0
  while (!isDone || times.length < 20) {
    const asked = performance.now()
    assert.equal((await answer<{ plays: number }>('stats/artist/small/kpis')).plays, 1)
    times.push(performance.now() - asked)
    memory = Math.max(memory, (await service.health()).checks.memory.rss_mb)
    await wait(20)
  }
  await worked
  const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!
  const took = Math.round(performance.now() - begun)
  t.diagnostic(`${took} ms; small questions ${Math.round(p95)} ms (p95 of ${times.length}); ${memory} MB`)
  assert.ok(memory <= MAX_MEMORY_MB, `${memory} MB`)
  assert.ok(p95 <= MAX_SMALL_MS, `small questions took ${p95} ms`)
}

test('heavy questions: unattributed: 300,000 albums and names', t =>
  beside(t, async () => {
    let path = 'stats/unattributed?limit=100'
    for (let page = 0; page < 5; page++) {
      const { items, nextCursor } = await answer<{ items: unknown[]; nextCursor: string }>(path)
      assert.equal(items.length, 100)
      path = `stats/unattributed?limit=100&cursor=${nextCursor}`
    }
  }))

test('heavy questions: figures of an artist of 600,000 albums', t =>
  beside(t, async () => {
    for (const query of ['', '?compare=previous&startDate=2000-01-01', '?interval=month']) {
      const { plays } = await answer<{ plays: number }>(`stats/artist/big/kpis${query}`)
      assert.equal(plays, ALBUMS)
    }
  }))

test('heavy questions: recommendations for a listener who likes 300,000 albums', t =>
  beside(t, async () => {
    const recommended = await answer<{ id: string }[]>('recommendations/user/fan')
    assert.ok(recommended.every(({ id }) => id !== 'big'))
  }))

test('heavy questions: trending artists, where 500,000 are followed', t =>
  beside(t, async () => {
    for (const mode of ['', '&mode=rising']) {
      const trending = await answer<unknown[]>(`stats/trending?genre=artists&limit=100${mode}`)
      assert.equal(trending.length, 100)
    }
  }))

test('heavy questions: alerts after 200,000 new names in an hour', t =>
  beside(t, async () => {
    const follow = (_: unknown, i: number) => ({
      ...{ eventType: 'artist.followed', timestamp: new Date().toISOString() },
      ...{ entityType: 'artist', entityId: 'rising', userId: `u${i}` },
    })
    await postBatch(service.url, Array.from({ length: 10 }, follow))
    await until(async () => (await answer<unknown[]>('stats/alerts/history')).length > 0)
  }))

test('heavy questions: a series over 24,000 different months costs no more than a few times one over 24', async t => {
  const timeOf = async (artist: string) => {
    const times: number[] = []
    for (let i = 0; i < 7; i++) {
      const begun = performance.now()
      // As many points of both: what is compared is what they are made from.
      const path = `stats/artist/${artist}/kpis?interval=month&tz=Europe/Madrid&startDate=1200-01-01&endDate=2025-12-31`
      const { plays, series } = await answer<{ plays: number; series: unknown[] }>(path)
      times.push(performance.now() - begun)
      assert.deepEqual([plays > 0, series.length], [true, 826 * 12])
    }
    return times.sort((a, b) => a - b)[3]!
  }
  const short = await timeOf('short')
  const long = await timeOf('long')
  t.diagnostic(`${Math.round(long)} ms, ${Math.round(short)} ms over 24`)
  assert.ok(long < 3 * short, `${long} ms instead of ${short} ms`)
})

test('heavy questions: a hundred at once: some are told to come back, all others are answered', t =>
  beside(t, async () => {
    // Each is another one: the same questions of a client are asked once.
    const from = (i: number) => `${1900 + i}-01-01`
    const asked = Array.from({ length: 100 }, (_, i) =>
      ask(`stats/artist/big/kpis?interval=month&startDate=${from(i)}`),
    )
    const answers = await Promise.all(asked)
    const refused = answers.filter(({ status }) => status === 503)
    for (const response of refused) {
      assert.ok(Number(response.headers.get('retry-after')) > 0)
      await problem(response, 503, 'unavailable')
    }
    const answered = answers.filter(({ status }) => status === 200)
    for (const response of answered) await json(response)
    assert.equal(refused.length + answered.length, 100)
    assert.ok(refused.length > 0 && answered.length > 10, `${refused.length} refused`)
  }))

test('heavy questions: a client that leaves frees the place of its question at once', async t => {
  const alone = performance.now()
  await answer('stats/unattributed')
  const oneMs = performance.now() - alone
  const leaving = new AbortController()
  const left = Array.from({ length: 30 }, () => ask('stats/unattributed', leaving.signal))
  await wait(oneMs / 2)
  leaving.abort()
  for (const asked of left) await assert.rejects(asked)
  const begun = performance.now()
  await answer('stats/unattributed')
  const took = performance.now() - begun
  t.diagnostic(`${Math.round(took)} ms, alone ${Math.round(oneMs)} ms`)
  assert.ok(took < 3 * oneMs + 500, `${took} ms instead of ${oneMs} ms`)
})

test('heavy questions: a question over its time limit is refused', async () => {
  const asked = ask('stats/unattributed')
  await wait(30)
  service.pause()
  await wait(10_500)
  service.resume()
  const { detail } = await problem(await asked, 503, 'unavailable')
  assert.match(String(detail), /takes longer than 10 s/)
  assert.equal((await ask('stats/unattributed')).status, 200)
})
