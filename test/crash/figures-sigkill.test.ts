/** Killed at any moment while it applies, learns and sorts, the figures contain what their checkpoint says, once. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../../dev/replay/random.ts'
import { openDuckdbFigures } from '../../src/storage/duckdb/duckdb-figures.ts'
import type { CatalogueRow, EventFacts, Figures } from '../../src/storage/figures.ts'
import { inSlices, oneFact } from '../support/fact-table.ts'
import { ref } from '../support/ref.ts'

const KILLS = 15
/** Events of batch k (1, 2, 3, …): they differ, so that batches of any size meet every threshold. */
const sizeOf = (batch: number): number => 1 + ((batch * 7_919) % 6_000)
const LONGEST_LIFE_MS = 1_200

const open = (directory: string): Promise<Figures> =>
  openDuckdbFigures(directory, { memory: '128MB', threads: 1, resolve: async () => new Map(), isOf: async () => true })

/** The last event of batch k. */
function lastOf(batch: number): number {
  let last = 0
  for (let k = 1; k <= batch; k++) last += sizeOf(k)
  return last
}

/** Facts of each event: so many that sorting is due again and again. */
const PARTS = 8

/** Strings that were there and new ones. */
const event = (seq: number): EventFacts => ({
  seq,
  facts: Array.from({ length: PARTS }, (_, part) => ({
    ...oneFact(`artist:${(seq + part) % 1_009}`),
    part,
    instant: Date.UTC(2026, 0, 1) + ((seq * 7_919_777) % 31_536_000_000),
    listener: `user ${seq}`,
    amount: seq,
  })),
  associations: [{ from: ref(`album:${seq % 503}`), to: ref(`artist:${seq % 1_009}`) }],
})

/** Applies one batch after the other until it is killed. `reached`: events that were there before. */
async function work(directory: string, reached: number): Promise<void> {
  const figures = await open(directory)
  assertGoneOnWith(figures, reached)
  console.log('open')
  const tidying = (async () => {
    for (;;) {
      if (await figures.tidy()) console.log('sorted')
      else await wait(5)
    }
  })()
  await Promise.race([tidying, applyForEver(figures)])
}

function assertGoneOnWith(figures: Figures, reached: number): void {
  assert.ok(figures.checkpoint.seq >= reached, `${figures.checkpoint.seq} events, after ${reached}`)
  if (reached > 0) assert.equal(figures.begunAnew, null)
}

async function applyForEver(figures: Figures): Promise<never> {
  const reached = Number(figures.checkpoint.eventId ?? 0)
  // The last life may have ended between a batch and its record.
  if (figures.recordsUpTo < reached) await applyRecordOf(figures, reached)
  for (let batch = reached + 1; ; batch++) {
    const first = figures.checkpoint.seq + 1
    const events = Array.from({ length: sizeOf(batch) }, (_, i) => event(first + i))
    await figures.apply(inSlices(events), { seq: lastOf(batch), eventId: String(batch) })
    await applyRecordOf(figures, batch)
  }
}

/** Applies the catalogue record that comes after the events of a batch. */
async function applyRecordOf(figures: Figures, batch: number): Promise<void> {
  const record: CatalogueRow = {
    entity: ref(`album:${batch % 7}`),
    kind: 'album',
    artist: null,
    name: null,
    label: String(batch),
    genre: null,
    title: null,
    released: null,
    tracks: [],
    askedAt: 0,
  }
  await figures.applyRecords([record], batch)
}

function testKills(): void {
  test(`the figures have every batch once up to the checkpoint after ${KILLS} kills`, async t => {
    const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
    t.diagnostic(`CRASH_SEED=${seed}`)
    const random = seededRandom(seed)
    const directory = await mkdtemp(join(tmpdir(), 'figures-sigkill-'))
    t.after(() => rm(directory, { recursive: true }))
    let reached = 0
    const rewritten = new Set<number>()
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [import.meta.filename, directory, String(reached)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(child, 'exit')
      const says = async (line: string) => {
        for await (const data of child.stdout) if (String(data).includes(line)) return
      }
      // Some are killed while they still open what the last one left, some not before they have sorted something.
      if (kill % 3 === 1) await once(child.stdout, 'data')
      if (kill % 6 === 2) await says('sorted')
      await wait(random() ** 2 * LONGEST_LIFE_MS)
      assert.equal(child.exitCode, null, 'nothing but the kill ends it')
      child.kill('SIGKILL')
      await ended
      const figures = await open(directory)
      assertGoneOnWith(figures, reached)
      await check(figures)
      reached = figures.checkpoint.seq
      const [sorted] = await figures.ask(reads =>
        reads.rows<{ rows: number }>('SELECT count(*) AS rows FROM sorted_facts'),
      )
      rewritten.add(sorted!.rows)
      await figures.close()
    }
    t.diagnostic(`${reached} events, sorted between ${rewritten.size - 1} kills`)
    assert.ok(reached > 0 && rewritten.size > 2)
  })
}

async function check(figures: Figures): Promise<void> {
  const { seq, eventId } = figures.checkpoint
  assert.equal(seq, lastOf(Number(eventId ?? 0)))
  const found = await figures.ask(async reads => {
    const [facts] = await reads.rows(
      `SELECT count(*) AS facts, count(DISTINCT (seq, part)) AS places, coalesce(sum(seq), 0)::BIGINT AS seqs,
         coalesce(sum(amount), 0)::BIGINT AS amounts, count(DISTINCT listener) AS listeners, count(DISTINCT key) AS keys,
         coalesce(max(seq), 0) AS latest
       FROM facts`,
    )
    const [pairs] = await reads.rows('SELECT coalesce(sum(events), 0)::BIGINT AS events FROM associations')
    const [names] = await reads.rows(
      `SELECT count(*) - count(DISTINCT id) AS ids, count(*) - count(DISTINCT (kind, text)) AS texts,
         (SELECT count(*) FROM facts WHERE key NOT IN (SELECT id FROM names)) AS nameless,
         (SELECT count(*) FROM facts JOIN names ON id = key
          WHERE text <> ((seq + part) % 1009)::VARCHAR) AS mistaken
       FROM names`,
    )
    const [ranges] = await reads.rows(
      'SELECT (SELECT coalesce(sum(rows), 0)::BIGINT FROM ranges) - (SELECT count(*) FROM sorted_facts) AS difference',
    )
    return { ...facts!, ...pairs!, ...names!, ...ranges! }
  })
  const sum = (PARTS * seq * (seq + 1)) / 2
  assert.deepEqual(found, {
    facts: PARTS * seq,
    places: PARTS * seq,
    seqs: sum,
    amounts: sum,
    listeners: seq,
    keys: Math.min(1_009, seq === 0 ? 0 : seq + PARTS - 1),
    latest: seq,
    events: seq,
    ids: 0,
    texts: 0,
    nameless: 0,
    mistaken: 0,
    difference: 0,
  })
  // The record of a batch comes after its events.
  assert.ok([0, 1].includes(Number(eventId ?? 0) - figures.recordsUpTo))
}

const [, , directory, reached] = process.argv
if (directory === undefined) testKills()
else await work(directory, Number(reached))
