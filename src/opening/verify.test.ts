/** Live and rebuilt figures are equal, and `verify` reports where they are not; on the real store. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { catalogueFacts, randomEvents } from '../../test/support/random-events.ts'
import { ref } from '../../test/support/ref.ts'
import { type Store, tamper, verified, withFolder, withStorage, withStore } from '../../test/support/store-folder.ts'
import { SMALL } from '../../test/support/temp-store.ts'
import { type CatalogueRecord, type NamedRecord, UNKNOWN_ALBUM, writeRecords } from '../catalogue/catalogue-record.ts'
import { type IngestedEvent, type Metadata, type StatsEvent, toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import { FIGURES_FORMAT } from '../storage/figures.ts'
import { rebuild } from './rebuild.ts'

const named = (records: ReadonlyMap<string, CatalogueRecord>): NamedRecord[] =>
  [...records].map(([entity, record]) => [ref(entity), record])

/** Appends and projects the events in batches of `size`, so that later ones change what earlier ones wrote. */
async function ingest({ storage, figures }: Store, events: readonly IngestedEvent[], size: number): Promise<void> {
  for (let i = 0; i < events.length; i += size) {
    await storage.append(events.slice(i, i + size).map(toLogEntry))
    await catchUp(storage, figures, noneSetAside)
  }
}

const inFolder = (dataDir: string) => withStorage(dataDir, storage => verified(dataDir, storage))

test('live and rebuilt figures are equal for events in any order, whatever the catalogue says in between', () =>
  fc.assert(
    fc.asyncProperty(
      randomEvents(60),
      catalogueFacts,
      catalogueFacts,
      fc.integer({ min: 1, max: 30 }),
      (events, before, between, size) =>
        withFolder(async dataDir => {
          await withStore(dataDir, async ({ storage, figures }) => {
            await writeRecords(storage.documents, named(before))
            await ingest({ storage, figures }, events.slice(0, events.length / 2), size)
            await writeRecords(storage.documents, named(between))
            await ingest({ storage, figures }, events.slice(events.length / 2), size)
          })
          assert.deepEqual((await inFolder(dataDir)).first, [])
        }),
    ),
    { numRuns: 15 },
  ))

const AT = Date.UTC(2026, 10, 24, 10)
const ALBUM = '65f000000000000000000001'

const play = (eventId: string, timestamp: number, metadata: Metadata = {}): IngestedEvent => {
  const event: StatsEvent = { eventId, eventType: 'track.played', timestamp, entityType: 'track', entityId: '1' }
  return { event: { ...event, userId: 'u1', metadata: { albumId: ALBUM, ...metadata } }, decision: {} }
}

const ARTIST: CatalogueRecord = { kind: 'artist', at: 5, name: 'DJ Beats', genre: null }
const OTHER_ALBUM: CatalogueRecord = {
  ...UNKNOWN_ALBUM,
  at: 5,
  title: 'Night Drive',
  releaseDate: '2026-03-01',
  tracks: [
    { id: '1', title: 'One' },
    { id: '2', title: 'Two' },
  ],
}

const SHOWN: IngestedEvent = {
  event: {
    eventId: 'e4',
    eventType: 'recommendation.shown',
    timestamp: AT,
    entityType: 'artist',
    entityId: '4',
    metadata: { recommendationId: 'x.model' },
  },
  decision: {},
}

/** Three plays, the last of which names the artist, and what was recommended; the catalogue knows the artist's name, and an album that no event names. */
async function filled(dataDir: string): Promise<void> {
  await withStore(dataDir, async ({ storage, figures }) => {
    await writeRecords(storage.documents, [
      [ref('artist:4'), ARTIST],
      [ref('album:b1'), OTHER_ALBUM],
    ])
    await ingest(
      { storage, figures },
      [play('e1', AT), play('e2', AT + 1), play('e3', AT + 2, { artistId: '4', title: 'Night' }), SHOWN],
      2,
    )
  })
}

/** A fault in the figures, and what is found: table, how many rows too many, how many rows too few. */
const FAULTS: [string, string, string, number, number][] = [
  ['a changed fact', 'UPDATE recent_facts SET counts = -1 WHERE seq = 2', 'facts', 1, 1],
  ['a missing fact', 'DELETE FROM recent_facts WHERE seq = 2', 'facts', 0, 1],
  ['a fact that is there twice', 'INSERT INTO recent_facts FROM recent_facts WHERE seq = 2', 'facts', 1, 0],
  [
    'a fact behind the last entry',
    'INSERT INTO sorted_facts SELECT * REPLACE (99 AS seq) FROM recent_facts WHERE seq = 2',
    'facts',
    1,
    0,
  ],
  ['a fact of another listener', 'UPDATE recent_facts SET listener = key WHERE seq = 2', 'facts', 1, 1],
  ['a fact without a listener', 'UPDATE recent_facts SET listener = NULL WHERE seq = 2', 'facts', 1, 1],
  ['a fact whose track is an unknown number', 'UPDATE recent_facts SET track = 99999 WHERE seq = 2', 'facts', 1, 1],
  ['a changed association', 'UPDATE recent_associations SET events = events + 1', 'associations', 5, 5],
  ['a missing association', `DELETE FROM recent_associations WHERE kind = 'label'`, 'associations', 0, 1],
  [
    'a surplus association',
    'INSERT INTO sorted_associations SELECT target, kind, source, 1 FROM recent_associations LIMIT 1',
    'associations',
    1,
    0,
  ],
  ['changed feedback', 'UPDATE feedback SET again = true', 'feedback', 1, 1],
  ['missing feedback', 'DELETE FROM feedback', 'feedback', 0, 1],
  ['feedback that is there twice', 'INSERT INTO feedback FROM feedback', 'feedback', 1, 0],
  ['a changed owner', 'UPDATE attribution SET owner = key', 'attribution', 2, 2],
  ['a missing owner', 'DELETE FROM attribution', 'attribution', 0, 2],
  ['a surplus owner', 'INSERT INTO attribution SELECT owner, owner FROM attribution LIMIT 1', 'attribution', 1, 0],
  ['a changed record', `UPDATE catalogue SET label = 'DJ Beat' WHERE kind = 'artist'`, 'catalogue', 1, 1],
  ['a missing record', `DELETE FROM catalogue WHERE kind = 'artist'`, 'catalogue', 0, 1],
  [
    'a surplus record',
    `INSERT INTO catalogue SELECT * REPLACE (name AS entity) FROM catalogue WHERE kind = 'artist'`,
    'catalogue',
    1,
    0,
  ],
  ['a changed release', `UPDATE catalogue SET released = '2026' WHERE kind = 'album'`, 'catalogue', 1, 1],
  ['a missing title', `UPDATE catalogue SET title = NULL WHERE kind = 'album'`, 'catalogue', 1, 1],
  ['a missing track of the catalogue', 'DELETE FROM catalogue_tracks', 'catalogue_tracks', 0, 2],
  ['a changed name', `UPDATE names SET text = '5' WHERE kind = 'artist'`, 'names', 1, 1],
  ['a missing name', `DELETE FROM names WHERE kind = 'artist'`, 'names', 0, 1],
  ['a surplus name', `INSERT INTO names SELECT id + 1000, kind, text FROM names WHERE kind = 'artist'`, 'names', 1, 0],
]

for (const [what, sql, table, surplus, missing] of FAULTS) {
  test(`verify finds ${what}`, () =>
    withFolder(async dataDir => {
      await filled(dataDir)
      await tamper(dataDir, sql)
      const { count, first } = await inFolder(dataDir)
      assert.equal(count, first.length)
      assert.deepEqual([...new Set(first.map(difference => difference.table))], [table])
      const rows = (side: 'live' | 'recomputed') => first.reduce((sum, difference) => sum + difference[side], 0)
      const common = rows('live') + rows('recomputed') - surplus - missing
      // A row that is there twice is once more than it should be.
      assert.deepEqual([rows('live') - common / 2, rows('recomputed') - common / 2], [surplus, missing])
    }))
}

test('verify names by texts what differs, and counts what it does not show', () =>
  withFolder(async dataDir => {
    await filled(dataDir)
    await tamper(dataDir, 'UPDATE recent_facts SET track = 99999 WHERE seq = 3')
    const common = { seq: 3, instant: AT + 2, measure: 'plays', counts: 1, part: 0, amount: null, currency: null }
    const row = { ...common, key: 'artist:4', album: `album:${ALBUM}`, listener: 'listener:u1' }
    assert.deepEqual(await inFolder(dataDir), {
      count: 2,
      first: [
        { table: 'facts', row: { ...row, track: `track:${ALBUM}_1` }, live: 0, recomputed: 1 },
        { table: 'facts', row: { ...row, track: 'number 99999' }, live: 1, recomputed: 0 },
      ],
    })
    await tamper(dataDir, 'DELETE FROM recent_facts')
    await tamper(
      dataDir,
      `INSERT INTO recent_facts SELECT i, 0, 'plays', 1, i, 0, i, i, i, i, NULL FROM range(1000) AS rows(i)`,
    )
    const { count, first } = await inFolder(dataDir)
    assert.deepEqual([count, first.length], [1_003, 100])
  }))

test('verify finds a text of the dictionary that has the number of another one', () =>
  withFolder(async dataDir => {
    await filled(dataDir)
    const database = new DatabaseSync(join(dataDir, 'strings.db'))
    database.exec(`INSERT INTO strings SELECT 'listener:u2', id FROM strings WHERE text = 'listener:u1'`)
    database.close()
    const [first] = (await inFolder(dataDir)).first
    assert.equal(first?.table, 'strings')
    assert.equal(first.row.texts, 'listener:u1, listener:u2')
  }))

test('verify finds no difference in more strings than it reads at a time', () =>
  withFolder(async dataDir => {
    const many = Array.from({ length: 15_000 }, (_, i) => play(`e${i}`, AT + i, { albumId: `a${i}` }))
    await withStore(dataDir, store => ingest(store, many, many.length))
    assert.deepEqual(await inFolder(dataDir), { count: 0, first: [] })
  }))

test('verify finds lost texts, although new ones would get their numbers', () =>
  withFolder(async dataDir => {
    await filled(dataDir)
    const database = new DatabaseSync(join(dataDir, 'strings.db'))
    database.exec(`
      DELETE FROM strings WHERE id = (SELECT id FROM strings WHERE text = 'listener:u1');
      UPDATE counter SET next = (SELECT min(id) FROM (SELECT next AS id FROM counter UNION SELECT 3))`)
    database.close()
    const { first } = await inFolder(dataDir)
    assert.deepEqual(new Set(first.map(({ table }) => table)), new Set(['facts']))
    assert.equal(first.length, 6)
  }))

test('verify finds no difference in events and answers of the catalogue that came later', () =>
  withFolder(async dataDir => {
    await filled(dataDir)
    await withStorage(dataDir, async storage => {
      await storage.append([toLogEntry(play('e4', AT + 3))])
      await writeRecords(storage.documents, [
        [ref('artist:4'), { ...ARTIST, at: 6, name: 'DJ Beat' }],
        [ref('artist:5'), ARTIST],
        [ref('album:b1'), { ...OTHER_ALBUM, at: 6, title: null, tracks: [] }],
      ])
      assert.deepEqual((await verified(dataDir, storage)).first, [])
    })
  }))

test('verify refuses figures that are missing, damaged, of another version or of another log', () =>
  withFolder(async dataDir => {
    const refuses = (message: RegExp) => assert.rejects(inFolder(dataDir), message)
    await filled(dataDir)
    await tamper(dataDir, `UPDATE checkpoint SET event_id = 'other'`)
    await refuses(/those of another event log/)
    await tamper(dataDir, 'UPDATE checkpoint SET format = 0')
    await refuses(/made by another version of the service/)
    await tamper(dataDir, `UPDATE checkpoint SET format = ${FIGURES_FORMAT}, dictionary = 'other'`)
    await refuses(/their dictionary is missing/)
    await rm(join(dataDir, 'figures.duckdb'))
    await refuses(/there are none/)
  }))

test('verify finds no difference once the figures are rebuilt', () =>
  withFolder(async dataDir => {
    await filled(dataDir)
    await tamper(dataDir, 'DELETE FROM attribution; DELETE FROM recent_facts WHERE seq = 1')
    assert.equal((await inFolder(dataDir)).count, 3)
    await withStorage(dataDir, async storage => {
      const location = { dataDir, mongo: null }
      assert.equal(await rebuild(location, SMALL, storage, noneSetAside.keepSetAside, () => {}), 4)
      assert.deepEqual(await verified(dataDir, storage), { count: 0, first: [] })
    })
  }))
