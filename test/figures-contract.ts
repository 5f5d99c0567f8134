/** The tests that every implementation of figures must pass. An adapter's test is one call: `figuresContract('DuckDB', …)`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import type { EntityKind } from '../src/identity/entity-ref.ts'
import {
  type CatalogueRow,
  type EventFacts,
  type Fact,
  type Feedback,
  type Figures,
  QuestionRefused,
  type Snapshot,
} from '../src/storage/figures.ts'
import { type Association, counted, FactTable, inSlices, oneFact } from './support/fact-table.ts'
import { until } from './support/http.ts'
import { ref } from './support/ref.ts'

export interface OpenedFigures {
  figures: Figures
  /** Closes the figures and opens them again, as a restart does. */
  reopen(): Promise<Figures>
  /** Opens figures that were copied into a folder. */
  openCopy(folder: string): Promise<Figures>
  /** A folder that is removed with the figures, and is not there yet. */
  copyFolder: string
  /** Closes the figures and removes them. */
  remove(): Promise<void>
}

export function figuresContract(name: string, open: () => Promise<OpenedFigures>): void {
  const check: Check = (title, run) =>
    test(`${name} figures: ${title}`, async t => {
      const opened = await open()
      t.after(() => opened.remove())
      await run(opened)
    })
  factsContract(check)
  recordsContract(check)
  questionsContract(check)
  limitsContract(check)
  copiesContract(check)
}

/** Declares a test with empty figures of its own. */
type Check = (title: string, run: (opened: OpenedFigures) => Promise<void>) => void

const SAFE = Number.MAX_SAFE_INTEGER
/** Any string: also with halves of surrogate pairs, NUL, and characters that are special in SQL or in a file format. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    '4',
    '04',
    "'",
    '"',
    '%',
    '\0',
    '\ud800',
    '\udfff\ud800',
    '🎵',
    'É',
    'E\u0301',
    '\ufeff',
    '\ufeff4',
    ':',
    'artist:4',
    'none',
  ),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const entityOf = <Kind extends EntityKind>(kind: Kind) => text.map(id => ref<Kind>(`${kind}:${id}`))
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) }),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.constantFrom(-8.64e15, 8.64e15, -1, 0, Date.UTC(9999, 11, 31), Date.UTC(0, 0, 1)),
)
const fact: fc.Arbitrary<Fact> = fc.record(
  {
    instant,
    measure: fc.constantFrom('plays', 'likes', 'follows', 'purchases'),
    counts: fc.constantFrom(1, -1, 0),
    key: fc.oneof(entityOf('artist'), entityOf('album'), entityOf('name'), fc.constant(ref<'none'>('none'))),
    part: fc.nat({ max: 2 ** 31 - 1 }),
    track: entityOf('track'),
    album: entityOf('album'),
    listener: text,
    amount: fc.oneof(fc.integer({ min: -SAFE, max: SAFE }), fc.constantFrom(SAFE, -SAFE, 0)),
    currency: fc.constantFrom('EUR', 'JPY', 'XXX'),
  },
  { requiredKeys: ['instant', 'measure', 'counts', 'key', 'part'] },
)
const association: fc.Arbitrary<Association> = fc.record({
  from: fc.oneof(entityOf('album'), entityOf('name'), entityOf('track')),
  to: fc.oneof(entityOf('artist'), entityOf('name'), entityOf('genre'), entityOf('label')),
})
const feedback: fc.Arbitrary<Feedback> = fc.record(
  {
    instant,
    deed: fc.constantFrom('shown', 'clicked'),
    strategy: fc.constantFrom('model', 'unknown'),
    answer: fc.oneof(fc.constant(ref<'answer'>('answer:a')), entityOf('answer')),
    item: fc.oneof(fc.constant(ref<'none'>('none')), entityOf('album')),
    listener: text,
  },
  { requiredKeys: ['instant', 'deed', 'strategy', 'answer', 'item'] },
)
/** Events without their positions in the log. */
const events = fc.array(
  fc.record({
    facts: fc.array(fact, { maxLength: 4 }),
    associations: fc.array(association, { maxLength: 4 }),
    feedback: fc.option(feedback, { nil: undefined }),
  }),
  { maxLength: 12 },
)

function factsContract(check: Check): void {
  check('new figures are empty, and begunAnew says why they are new', async ({ figures }) => {
    assert.deepEqual([figures.checkpoint, figures.recordsUpTo], [{ seq: 0, eventId: null }, 0])
    assert.ok(figures.begunAnew)
    assert.deepEqual(await counted(figures), { seq: 0, eventId: null, facts: 0 })
  })

  check('every fact, association and feedback is read as it was applied', async ({ figures }) => {
    const table = new FactTable()
    const property = fc.asyncProperty(events, fc.integer({ min: 1, max: 5 }), async (applied, size) => {
      const after = figures.checkpoint.seq
      const added = applied.map((event, i): EventFacts => ({ seq: after + 1 + i, ...event }))
      await figures.apply(inSlices(added, size), { seq: after + added.length, eventId: `e${after}` })
      table.add(added)
      await table.check(figures, after)
    })
    await fc.assert(property, { numRuns: 100 })
    await table.check(figures, 0)
  })

  check('the greatest seq and part are kept exactly', async ({ figures }) => {
    const table = new FactTable()
    const far = { seq: SAFE - 1, facts: [{ ...oneFact('artist:4'), part: 2 ** 31 - 1 }], associations: [] }
    await figures.apply(inSlices([far]), { seq: SAFE - 1, eventId: 'far' })
    table.add([far])
    await table.check(figures, 0)
    assert.deepEqual(await figures.ask(reads => reads.checkpoint()), { seq: SAFE - 1, eventId: 'far' })
  })

  check('a batch with a slice that fails adds nothing, and can be applied again', async ({ figures }) => {
    const table = new FactTable()
    const event = (seq: number): EventFacts => ({
      seq,
      facts: [{ ...oneFact(`artist:${seq}`), listener: `user ${seq}`, track: ref(`track:${seq}`) }],
      associations: [{ from: ref(`album:${seq}`), to: ref(`name:${seq}`) }],
    })
    const first = [1, 2, 3].map(event)
    await figures.apply(inSlices(first), { seq: 3, eventId: 'e3' })
    table.add(first)
    const next = [4, 5, 6, 7].map(event)
    for (const good of [0, 1, 3]) {
      const failing = async function* () {
        yield* inSlices(next.slice(0, good), 1)
        throw new Error('this slice cannot be made')
      }
      await assert.rejects(figures.apply(failing(), { seq: 7, eventId: 'e7' }), /cannot be made/)
      assert.deepEqual(figures.checkpoint, { seq: 3, eventId: 'e3' })
      await table.check(figures, 0)
    }
    await figures.apply(inSlices(next, 2), { seq: 7, eventId: 'e7' })
    table.add(next)
    await table.check(figures, 0)
  })

  check('the checkpoint moves with the rows, and both are kept over restarts', async opened => {
    const table = new FactTable()
    for (const seq of [1, 2, 3]) {
      const events = [{ seq, facts: [oneFact(`artist:${seq % 2}`)], associations: [] }]
      const checkpoint = { seq, eventId: `\ufeffé🎵 ${seq}` }
      await opened.figures.apply(inSlices(events), checkpoint)
      table.add(events)
      opened.figures = await opened.reopen()
      assert.equal(opened.figures.begunAnew, null)
      assert.deepEqual(opened.figures.checkpoint, checkpoint)
      assert.deepEqual(await counted(opened.figures), { ...checkpoint, facts: seq })
      await table.check(opened.figures, 0)
    }
  })

  check('the checkpoint moves past events without facts', async opened => {
    await opened.figures.apply(inSlices([]), { seq: 5, eventId: 'e5' })
    await opened.figures.apply(inSlices([{ seq: 6, facts: [], associations: [] }]), { seq: 6, eventId: 'e6' })
    opened.figures = await opened.reopen()
    assert.deepEqual(await counted(opened.figures), { seq: 6, eventId: 'e6', facts: 0 })
  })

  check('batches that are applied at the same time are applied one after the other', async ({ figures }) => {
    const table = new FactTable()
    const batches = Array.from({ length: 20 }, (_, i) => [
      { seq: i + 1, facts: [oneFact(`artist:${i % 3}`), oneFact(`name:${i}`)], associations: [] },
    ])
    await Promise.all(batches.map((batch, i) => figures.apply(inSlices(batch), { seq: i + 1, eventId: `e${i + 1}` })))
    for (const batch of batches) table.add(batch)
    await table.check(figures, 0)
    assert.deepEqual(figures.checkpoint, { seq: 20, eventId: 'e20' })
  })

  check('a string keeps its number after 700,000 others in the same batch', async ({ figures }) => {
    const many = 700_000
    const listeners = 1_000
    const slices = async function* (): AsyncGenerator<EventFacts[]> {
      for (let from = 0; from < many; from += listeners) {
        const facts = Array.from({ length: listeners }, (_, i) => ({ ...oneFact('artist:4'), listener: `${from + i}` }))
        yield [{ seq: from + 1, facts, associations: [] }]
      }
      yield [{ seq: many + 1, facts: [{ ...oneFact('artist:4'), listener: '7' }], associations: [] }]
    }
    await figures.apply(slices(), { seq: many + 1, eventId: 'e' })
    const [found] = await figures.ask(reads =>
      reads.rows(
        'SELECT count(*) AS facts, count(DISTINCT listener) AS listeners, count(DISTINCT key) AS keys FROM facts',
      ),
    )
    assert.deepEqual(found, { facts: many + 1, listeners: many, keys: 1 })
  })

  check('no two strings have one number, and no string has two, over restarts and failures', async opened => {
    const table = new FactTable()
    const step = fc.record({ sent: events, fails: fc.boolean(), restarts: fc.boolean() })
    const property = fc.asyncProperty(fc.array(step, { maxLength: 6 }), async steps => {
      for (const { sent, fails, restarts } of steps) {
        const after = opened.figures.checkpoint.seq
        const added = sent.map((event, i): EventFacts => ({ seq: after + 1 + i, ...event }))
        const slices = async function* () {
          yield* inSlices(added, 3)
          if (fails) throw new Error('fails')
        }
        const applied = opened.figures.apply(slices(), { seq: after + added.length, eventId: `e${after}` })
        if (fails) await assert.rejects(applied, /fails/)
        else {
          await applied
          table.add(added)
        }
        if (restarts) opened.figures = await opened.reopen()
      }
      await assertNumberedOnce(opened.figures)
    })
    await fc.assert(property, { numRuns: 25 })
    await table.check(opened.figures, 0)
  })
}

/** Every text has one number, and no listener has the number of an entity. */
async function assertNumberedOnce(figures: Figures): Promise<void> {
  const [found] = await figures.ask(reads =>
    reads.rows(
      `SELECT count(*) - count(DISTINCT id) AS numbers, count(*) - count(DISTINCT (kind, text)) AS texts,
         (SELECT count(*) FROM facts WHERE listener IN (SELECT id FROM names)) AS listeners
       FROM names`,
    ),
  )
  assert.deepEqual(found, { numbers: 0, texts: 0, listeners: 0 })
}

function recordsContract(check: Check): void {
  const album = (id: string, fields: Partial<CatalogueRow> = {}): CatalogueRow => ({
    entity: ref(`album:${id}`),
    kind: 'album',
    artist: null,
    name: null,
    label: null,
    genre: null,
    title: null,
    released: null,
    tracks: [],
    askedAt: 0,
    ...fields,
  })
  const records = (figures: Figures) =>
    figures.ask(async reads => {
      const rows = await reads.rows<Record<string, number | null>>('FROM catalogue ORDER BY entity')
      const tracks = await reads.rows<Record<'album' | 'track' | 'title', number>>('FROM catalogue_tracks ORDER BY ALL')
      const ids = [
        ...rows.flatMap(({ entity, artist, name, genre, title }) => [entity, artist, name, genre, title]),
        ...tracks.flatMap(({ track, title }) => [track, title]),
      ]
      const entities = await reads.entitiesOf(ids.filter(id => id !== null && id !== undefined))
      const entity = (id: number | null | undefined) => (id === null ? null : entities.get(id!))
      return rows
        .map(row => ({
          entity: entity(row.entity),
          kind: row.kind,
          artist: entity(row.artist),
          name: entity(row.name),
          label: row.label,
          genre: entity(row.genre),
          title: entity(row.title),
          released: row.released,
          tracks: tracks
            .filter(({ album }) => album === row.entity)
            .map(({ track, title }) => ({ track: entity(track), title: entity(title) })),
          askedAt: row.asked_at,
        }))
        .sort((a, b) => (a.entity! < b.entity! ? -1 : 1))
    })

  check('catalogue records are read as they were applied, over a restart', async opened => {
    const applied = [
      album('1', {
        artist: ref('artist:4'),
        name: ref('name:é🎵'),
        label: 'É🎵',
        genre: ref('genre:rock'),
        title: ref('label:Night Drive'),
        released: '2026-03-01',
        tracks: [
          { track: ref('track:1_1'), title: ref('label:One') },
          { track: ref('track:1_2'), title: ref('label:Night Drive') },
        ],
        askedAt: Date.UTC(2026, 0, 1),
      }),
      album('2', { label: '', tracks: [{ track: ref('track:1_1'), title: ref('label:Uno') }] }),
      {
        ...album(''),
        entity: ref<'artist'>('artist:4'),
        kind: 'artist' as const,
        name: ref<'name'>('name:é🎵'),
        label: "'",
        askedAt: -1,
      },
      { ...album(''), entity: ref<'artist'>('artist:04'), kind: 'alias' as const, artist: ref<'artist'>('artist:4') },
    ]
    await opened.figures.applyRecords(applied, 17)
    const expected = applied.toSorted((a, b) => (a.entity < b.entity ? -1 : 1))
    assert.deepEqual(await records(opened.figures), expected)
    opened.figures = await opened.reopen()
    assert.deepEqual([await records(opened.figures), opened.figures.recordsUpTo], [expected, 17])
    assert.deepEqual(opened.figures.checkpoint, { seq: 0, eventId: null })
  })

  check(
    'a catalogue record replaces earlier ones of the same entity, from earlier calls and from the same one',
    async ({ figures }) => {
      const tracks = [{ track: ref<'track'>('track:1_1'), title: ref<'label'>('label:One') }]
      await figures.applyRecords(
        [album('1', { artist: ref('artist:1'), tracks }), album('2', { artist: ref('artist:2'), tracks })],
        2,
      )
      await figures.applyRecords([album('1', { name: ref('name:a') })], 3)
      assert.deepEqual(await records(figures), [
        album('1', { name: ref('name:a') }),
        album('2', { artist: ref('artist:2'), tracks }),
      ])
      await figures.applyRecords([album('2', { label: 'old' }), album('1'), album('2', { label: 'new' })], 6)
      assert.deepEqual(await records(figures), [album('1'), album('2', { label: 'new' })])
      assert.equal(figures.recordsUpTo, 6)
    },
  )

  check('catalogue records keep strings of any kind', async ({ figures }) => {
    const record = fc.record({ name: text, label: text, genre: text, askedAt: instant })
    const property = fc.asyncProperty(record, async ({ name, label, genre, askedAt }) => {
      const applied = album('1', { name: ref(`name:${name}`), label, genre: ref(`genre:${genre}`), askedAt })
      await figures.applyRecords([applied], figures.recordsUpTo + 1)
      const readable = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd')
      const expected = {
        ...applied,
        name: readable(applied.name!),
        label: readable(label),
        genre: readable(applied.genre!),
      }
      assert.deepEqual(await records(figures), [expected])
    })
    await fc.assert(property, { numRuns: 60 })
  })
}

function questionsContract(check: Check): void {
  const batch = (seq: number): EventFacts[] => [
    { seq, facts: [oneFact('artist:4'), oneFact('artist:5')], associations: [] },
  ]

  check('a question sees one state while batches and records are applied', async ({ figures }) => {
    await figures.apply(inSlices(batch(1)), { seq: 1, eventId: 'e1' })
    const state = async (reads: Snapshot) => [
      await reads.checkpoint(),
      await reads.rows('SELECT count(*) AS facts FROM facts'),
      await reads.rows('FROM catalogue'),
    ]
    await figures.ask(async reads => {
      const before = await state(reads)
      await figures.apply(inSlices(batch(2)), { seq: 2, eventId: 'e2' })
      await figures.applyRecords(
        [
          {
            entity: ref('artist:4'),
            kind: 'artist',
            artist: null,
            name: ref('name:a'),
            label: 'A',
            genre: null,
            title: null,
            released: null,
            tracks: [],
            askedAt: 0,
          },
        ],
        1,
      )
      assert.deepEqual(await state(reads), before)
    })
    assert.deepEqual(await counted(figures), { seq: 2, eventId: 'e2', facts: 4 })
  })

  check('no question sees a part of a batch', async ({ figures }) => {
    let isDone = false
    const asking = Array.from({ length: 3 }, async () => {
      while (!isDone) {
        const { seq, facts } = await counted(figures)
        assert.equal(facts, 2 * seq)
      }
    })
    for (let seq = 1; seq <= 100; seq++) await figures.apply(inSlices(batch(seq)), { seq, eventId: `e${seq}` })
    isDone = true
    await Promise.all(asking)
  })

  check('a question that is repeated sees the rows that were applied in between', async ({ figures }) => {
    const event = (seq: number): EventFacts => ({
      seq,
      facts: [
        { ...oneFact('artist:4'), instant: seq },
        ...(seq > 2
          ? [{ ...oneFact(`name:${seq * 1_000}`), instant: -seq, part: 1, listener: 'l', measure: 'likes' as const }]
          : []),
      ],
      associations: seq > 2 ? [{ from: ref(`name:${seq * 1_000}`), to: ref(`artist:${seq}`) }] : [],
    })
    const ask = (note: string) =>
      figures.ask(async reads => ({
        'by part': await reads.rows(`SELECT count(*) AS n FROM facts WHERE part = 0 ${note}`),
        'by listener': await reads.rows(`SELECT count(*) AS n FROM facts WHERE listener IS NULL ${note}`),
        'by measure': await reads.rows(
          `SELECT measure, count(*) AS n FROM facts GROUP BY measure ORDER BY measure ${note}`,
        ),
        'by key': await reads.rows(`SELECT key, count(*) AS n FROM facts GROUP BY key ORDER BY key ${note}`),
        'by instant': await reads.rows(`SELECT count(*) AS n FROM facts WHERE instant >= 0 AND instant < 3 ${note}`),
        'by name': await reads.rows(
          `SELECT text, n FROM names JOIN (SELECT key, count(*) AS n FROM facts GROUP BY key) ON key = id ORDER BY id ${note}`,
        ),
        'by kind': await reads.rows(`SELECT count(*) AS n FROM associations WHERE kind = 'artist' ${note}`),
        ends: await reads.rows(
          `SELECT min(instant) AS first, max(instant) AS latest, max(part) AS part FROM facts ${note}`,
        ),
      }))
    for (let seq = 1; seq <= 60; seq++) {
      await figures.apply(inSlices([event(seq)]), { seq, eventId: `e${seq}` })
      // With the comment it is another statement, which has no plan yet.
      if (seq % 5 === 0 || seq <= 5) assert.deepEqual(await ask(''), await ask(`-- ${seq}`))
    }
  })

  check('numbers, texts, booleans, null and lists of any length can be bound', async ({ figures }) => {
    await figures.apply(inSlices(batch(1)), { seq: 1, eventId: 'e1' })
    await figures.ask(async reads => {
      assert.deepEqual(
        await reads.rows(`SELECT $whole AS whole, $half AS half, $text AS text, $yes AS yes, $none AS none`, {
          whole: -8.64e15,
          half: 0.5,
          text: "é🎵'",
          yes: true,
          none: null,
        }),
        [{ whole: -8.64e15, half: 0.5, text: "é🎵'", yes: true, none: null }],
      )
      const texts = (list: readonly string[]) =>
        reads.rows<{ text: string }>('SELECT text FROM names WHERE text IN (SELECT unnest($list)) ORDER BY text', {
          list,
        })
      const ids = (list: readonly number[]) =>
        reads.rows<{ id: number }>('SELECT id FROM names WHERE id IN (SELECT unnest($list)) ORDER BY id', { list })
      assert.deepEqual(await texts(['5', '4', "x'"]), [{ text: '4' }, { text: '5' }])
      assert.deepEqual(await texts([]), [])
      assert.deepEqual(await ids([]), [])
      const known = [...reads.idsOf([ref('artist:4'), ref('artist:5'), ref('artist:6')]).values()].sort((a, b) => a - b)
      const more = Array.from({ length: 10_000 }, (_, i) => i + 1_000)
      assert.deepEqual(
        await ids([...known, ...more]),
        known.map(id => ({ id })),
      )
      assert.deepEqual(await ids([]), [])
    })
  })

  check('entities and listeners have numbers, and unknown ones have none', async ({ figures }) => {
    const facts = [{ ...oneFact('artist:4'), listener: '4' }, oneFact('none')]
    await figures.apply(inSlices([{ seq: 1, facts, associations: [] }]), { seq: 1, eventId: 'e1' })
    await figures.ask(async reads => {
      const ids = reads.idsOf([ref('artist:4'), ref('none'), ref('artist:5'), ref('4'), ref('')])
      assert.deepEqual([...ids.keys()], ['artist:4', 'none'])
      assert.deepEqual(
        await reads.entitiesOf([...ids.values(), 1_000]),
        new Map([...ids].map(([entity, id]) => [id, entity])),
      )
      assert.equal(typeof reads.listenerIdOf('4'), 'number')
      assert.equal(reads.listenerIdOf('artist:4'), undefined)
    })
  })

  check('a question cannot write', async ({ figures }) => {
    await figures.apply(inSlices(batch(1)), { seq: 1, eventId: 'e1' })
    for (const sql of [
      'DELETE FROM recent_facts',
      'UPDATE checkpoint SET seq = 0',
      'INSERT INTO ranges VALUES (1, 2, 3)',
      'CREATE TABLE more AS SELECT 1',
      'DROP TABLE catalogue',
    ]) {
      await assert.rejects(
        figures.ask(reads => reads.rows(sql)),
        Error,
        sql,
      )
    }
    assert.deepEqual(await counted(figures), { seq: 1, eventId: 'e1', facts: 2 })
  })

  check('a question that fails does not affect the next one', async ({ figures }) => {
    for (let i = 0; i < 10; i++) {
      await assert.rejects(figures.ask(reads => reads.rows('SELECT no_such_thing FROM facts')))
      await assert.rejects(
        figures.ask(async () => {
          throw new Error('the question itself fails')
        }),
        /itself fails/,
      )
    }
    assert.deepEqual(await counted(figures), { seq: 0, eventId: null, facts: 0 })
  })
}

/** A statement that runs for minutes. */
const ENDLESS =
  'SELECT count(*) AS n FROM range(100000000) AS a, range(1000) AS b WHERE (a.range * 7 + b.range) % 1000003 = 5'
const endless = (reads: Snapshot) => reads.rows(ENDLESS)

function limitsContract(check: Check): void {
  check('two questions of each cost run at a time, 32 wait, and the next is refused', async ({ figures }) => {
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const running = { quick: 0, slow: 0 }
    const hold = (cost: 'quick' | 'slow') =>
      figures.ask(
        async reads => {
          running[cost]++
          assert.ok(running[cost] <= 2)
          await end
          await reads.checkpoint()
          running[cost]--
        },
        { cost },
      )
    const held = [...Array.from({ length: 33 }, () => hold('quick')), ...Array.from({ length: 34 }, () => hold('slow'))]
    await until(() => running.quick === 2 && running.slow === 2)
    await assert.rejects(hold('slow'), QuestionRefused)
    // Slow questions that wait do not count among the quick ones.
    held.push(hold('quick'))
    await assert.rejects(hold('quick'), QuestionRefused)
    resolve()
    await Promise.all(held)
    assert.deepEqual(running, { quick: 0, slow: 0 })
    await counted(figures)
  })

  check(
    'quick questions are answered while slow ones run, and slow ones end at their time limit',
    async ({ figures }) => {
      let ended = 0
      const ask = () => figures.ask(endless, { cost: 'slow' }).finally(() => ended++)
      const slow = Promise.allSettled([ask(), ask()])
      await wait(100)
      for (let i = 0; i < 20; i++) await counted(figures)
      assert.equal(ended, 0)
      for (const ended of await slow) assert.ok(ended.status === 'rejected' && ended.reason instanceof QuestionRefused)
      await figures.ask(reads => reads.checkpoint(), { cost: 'slow' })
    },
  )

  check('a running question ends soon after its last caller has left, at any moment', async ({ figures }) => {
    for (let i = 0; i < 90; i++) {
      const leaving = new AbortController()
      let left = 0
      const leave = () => {
        left = performance.now()
        leaving.abort()
      }
      const asked = figures.ask(
        async reads => {
          const rows = endless(reads)
          if (i % 3 === 0) await wait(i)
          if (i % 3 === 1) for (let tick = 0; tick < i / 3; tick++) await undefined
          if (i % 3 < 2) leave()
          return rows
        },
        { cost: 'slow', signal: leaving.signal },
      )
      if (i % 3 === 2) setTimeout(leave, i / 30)
      await assert.rejects(asked, error => error === leaving.signal.reason)
      // Two others can run once it has ended.
      await Promise.all([1, 2].map(() => figures.ask(reads => reads.checkpoint(), { cost: 'slow' })))
      const took = performance.now() - left
      // The time limit is ten seconds.
      assert.ok(took < 5_000, `${took} ms`)
    }
  })

  check('at most two questions of one cost run where callers leave others', async ({ figures }) => {
    let running = 0
    const ask = async () => {
      const leaving = new AbortController()
      const asked = figures.ask(
        async reads => {
          running++
          assert.ok(running <= 2, 'three questions run')
          setTimeout(() => leaving.abort(), 20)
          try {
            await endless(reads)
          } finally {
            running--
          }
        },
        { signal: leaving.signal },
      )
      await assert.rejects(asked, error => error === leaving.signal.reason)
    }
    await Promise.all(Array.from({ length: 34 }, ask))
    // One of the last two has ended when this question runs; the other one may still be ending.
    await Promise.all([counted(figures), until(() => running === 0)])
  })

  check('a waiting question whose caller has left makes way for another one', async ({ figures }) => {
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const held = [1, 2].map(() => figures.ask(() => end))
    const leaving = new AbortController()
    const waiting = Array.from({ length: 32 }, () =>
      figures.ask(async () => assert.fail('it is not asked any more'), { signal: leaving.signal }),
    )
    await assert.rejects(counted(figures), QuestionRefused)
    leaving.abort()
    for (const left of waiting) await assert.rejects(left, error => error === leaving.signal.reason)
    const next = counted(figures)
    resolve()
    await Promise.all([...held, next])
  })

  check('closing waits for the questions that run, also for abandoned ones', async opened => {
    const leaving = new AbortController()
    const left = opened.figures.ask(endless, { signal: leaving.signal })
    left.catch(() => {})
    const answered = opened.figures.ask(async reads => {
      await wait(100)
      return reads.checkpoint()
    })
    await wait(50)
    leaving.abort()
    opened.figures = await opened.reopen()
    await assert.rejects(left)
    assert.deepEqual(await answered, { seq: 0, eventId: null })
    await counted(opened.figures)
  })
}

function copiesContract(check: Check): void {
  check(
    'copyTo copies one state while questions are asked and batches applied',
    async ({ figures, openCopy, copyFolder }) => {
      const batch = (seq: number) => ({
        seq,
        facts: Array.from({ length: 100 }, (_, part) => ({
          ...oneFact(`artist:${seq}`),
          part,
          listener: `${seq} ${part}`,
        })),
        associations: [],
      })
      const apply = (seq: number) => figures.apply(inSlices([batch(seq)]), { seq, eventId: `e${seq}` })
      await apply(1)
      const { promise: end, resolve } = Promise.withResolvers<void>()
      const asked = figures.ask(async reads => {
        await reads.checkpoint()
        await end
      })
      await apply(2)
      const others = Promise.all([3, 4, 5].map(apply))
      await figures.copyTo(copyFolder)
      await others
      resolve()
      await asked
      const copy = await openCopy(copyFolder)
      try {
        assert.equal(copy.begunAnew, null)
        const { seq } = copy.checkpoint
        assert.ok(seq >= 2)
        const table = new FactTable()
        for (let i = 1; i <= seq; i++) table.add([batch(i)])
        await table.check(copy, 0)
        await copy.apply(inSlices([batch(seq + 1)]), { seq: seq + 1, eventId: 'other' })
      } finally {
        await copy.close()
      }
      assert.deepEqual(await counted(figures), { seq: 5, eventId: 'e5', facts: 500 })
    },
  )
}
