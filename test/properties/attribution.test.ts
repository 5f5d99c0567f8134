/** Whom keys belong to, after every step of events and records of the catalogue in any order, against a plain scan. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { creditEvent, factsOf } from '../../src/attribution/credits.ts'
import { type CatalogueRecord, toCatalogueRow, UNKNOWN_ALBUM } from '../../src/catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import type { EventFacts, Figures, Snapshot } from '../../src/storage/figures.ts'
import { Naive } from '../support/naive.ts'
import { withEvents } from '../support/query-store.ts'
import { randomEvents } from '../support/random-events.ts'
import { ALBUMS, ALIAS, ARTISTS, GENRES, NAMES, some } from '../support/random-ids.ts'

type Named = readonly [thing: string, fact: CatalogueRecord]

const orNothing = (values: readonly string[]) => fc.option(some(values), { freq: 3 })

const albumRecord: fc.Arbitrary<Named> = fc
  .record({
    id: some(ALBUMS),
    missing: fc.boolean(),
    artistId: fc.option(some([...ARTISTS, ALIAS])),
    name: orNothing(NAMES),
  })
  .map(({ id, ...fact }) => [`album:${id}`, { ...UNKNOWN_ALBUM, ...fact }])

const artistRecord: fc.Arbitrary<Named> = fc
  .record({ id: some([...ARTISTS, ALIAS]), name: orNothing(NAMES), genre: orNothing(GENRES) })
  .map(({ id, ...fact }) => [`artist:${id}`, { kind: 'artist', at: 0, ...fact }])

/** Mostly of an id that is nothing else; else of one that is also an artist's, or was until then. */
const aliasRecord: fc.Arbitrary<Named> = fc
  .record({ id: some([ALIAS, ALIAS, 'ar1', '10']), artistId: some(ARTISTS) })
  .filter(({ id, artistId }) => id !== artistId)
  .map(({ id, artistId }) => [`artist:${id}`, { kind: 'alias', at: 0, artistId }])

/** What the catalogue says at one time: of each thing once. */
const records: fc.Arbitrary<Named[]> = fc
  .array(fc.oneof(albumRecord, artistRecord, artistRecord, aliasRecord), { minLength: 1, maxLength: 4 })
  .map(named => [...new Map(named)])

/** How the events and the records follow each other: a number of events, or records. */
const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), records), { minLength: 8, maxLength: 16 })

/** The state so far, in the figures and as plain lists. */
class World {
  #figures: Figures
  #events: IngestedEvent[] = []
  #facts = new Map<string, CatalogueRecord>()

  constructor(figures: Figures) {
    this.#figures = figures
  }

  async take(events: readonly IngestedEvent[]): Promise<void> {
    const before = this.#events.length
    this.#events.push(...events)
    const facts = events.map((event, i) => factsOf(before + i + 1, creditEvent(event)))
    await this.#figures.apply(oneSlice(facts), { seq: this.#events.length, eventId: `e${this.#events.length}` })
  }

  async learn(named: readonly Named[]): Promise<void> {
    for (const [thing, fact] of named) this.#facts.set(thing, fact)
    const taught = named.map(([thing, fact]) => toCatalogueRow({ id: thing, value: JSON.stringify(fact) }))
    await this.#figures.applyRecords(taught, this.#figures.recordsUpTo + named.length)
  }

  async assertOwners(step: string): Promise<void> {
    const naive = new Naive(this.#events, this.#facts)
    const owners = await this.#figures.ask(ownersOfAll)
    const expected = owners.map(({ key }) => ({ key, owner: naive.owner(key) }))
    assert.deepEqual(owners, expected, step)
  }
}

async function* oneSlice(facts: readonly EventFacts[]): AsyncGenerator<readonly EventFacts[]> {
  yield facts
}

/** Every album, name and artist that anything mentions, with its owner; each has one at most. */
async function ownersOfAll(reads: Snapshot): Promise<{ key: string; owner: string }[]> {
  const rows = await reads.rows<{ key: number; owner: number }>(
    `SELECT id AS key, coalesce(owner, id) AS owner
     FROM names LEFT JOIN attribution ON key = id
     WHERE kind IN ('album', 'name', 'artist')
     ORDER BY id`,
  )
  assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length)
  const entities = await reads.entitiesOf(rows.flatMap(({ key, owner }) => [key, owner]))
  return rows.map(({ key, owner }) => ({ key: entities.get(key)!, owner: entities.get(owner)! }))
}

test('attribution is that of a plain scan after every step, in whatever order events and records come', async () => {
  let moved = 0
  const property = fc.asyncProperty(randomEvents(60), steps, async (events, steps) => {
    await withEvents([], 1, async figures => {
      const world = new World(figures)
      const waiting = [...events]
      for (const [i, step] of steps.entries()) {
        if (typeof step === 'number') await world.take(waiting.splice(0, step))
        else await world.learn(step)
        await world.assertOwners(`step ${i}`)
      }
      moved += (await figures.ask(ownersOfAll)).filter(({ key, owner }) => key !== owner).length
    })
  })
  await fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 8_000 })
  assert.ok(moved > 0)
})
