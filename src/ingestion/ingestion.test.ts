import assert from 'node:assert/strict'
import { randomUUIDv7 } from 'node:crypto'
import { test } from 'node:test'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { unavailable } from '../errors.ts'
import { type AppendOutcome, type LogEntry, type Storage, StoreUnavailable } from '../storage/storage.ts'
import { DeadLetters } from './dead-letters.ts'
import { Ingestion } from './ingestion.ts'
import { rawEventOf } from './raw-event.ts'
import { Replay } from './replay.ts'

const NOW = Date.UTC(2026, 10, 24, 12)

/** The log of a store, with a failure on demand. */
class FailingLog {
  failure: Error | undefined
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  append = async (entries: LogEntry[]): Promise<AppendOutcome[]> => {
    if (this.failure) throw this.failure
    return this.#storage.append(entries)
  }

  ids = async (): Promise<string[]> => (await this.#storage.readLog(0, 1000)).map(({ id }) => id)
}

function setUp() {
  const storage = openTempStore()
  const documents = failing(storage.documents)
  const deadLetters = new DeadLetters(documents, { max: 100, onDropped: () => {} })
  const log = new FailingLog(storage)
  const settings = { defaultCurrency: 'EUR', playMinSeconds: 30 }
  const ingestion = new Ingestion({ append: log.append, deadLetters, clock: () => NOW, newId: randomUUIDv7, settings })
  const letters = async () => (await deadLetters.list({ limit: 100 })).items
  return { documents, deadLetters, log, ingestion, letters }
}

const play = (more: Record<string, unknown> = {}) => ({
  value: { eventType: 'track.played', timestamp: '2026-11-24T10:00:00Z', entityId: '1', ...more },
})

test('gives each event its own result, and keeps the refused ones as dead letters', async () => {
  const { ingestion, log, letters } = setUp()
  const results = await ingestion.receive([
    play({ eventId: 'a' }),
    { value: { eventId: 'bad' } },
    play({ eventId: 'a' }),
    play({ eventId: 'a', entityId: '2' }),
    rawEventOf(Buffer.from('{"eventType"')),
    play({ eventId: 'b' }),
  ])
  const statuses = results.map(({ status, code }) => [status, code].filter(Boolean).join(' '))
  const expected = [
    'accepted',
    'rejected required',
    'duplicate',
    'conflict event_conflict',
    'rejected malformed_json',
    'accepted',
  ]
  assert.deepEqual(statuses, expected)
  assert.equal(results[1]?.message, 'eventType: is required')
  assert.equal(results[1]?.faults?.length, 3)
  assert.deepEqual(await log.ids(), ['a', 'b'])
  const kept = (await letters()).map(({ id, reason, event, receivedAt }) => ({ id, reason, event, receivedAt }))
  const receivedAt = '2026-11-24T12:00:00.000Z'
  assert.deepEqual(kept, [
    { id: results[4]?.id, reason: 'malformed_json', event: '{"eventType"', receivedAt },
    { id: 'a', reason: 'event_conflict', event: play({ eventId: 'a', entityId: '2' }).value, receivedAt },
    { id: 'bad', reason: 'required', event: { eventId: 'bad' }, receivedAt },
  ])
})

test('keeps the beginning of an event that is longer than 64 KiB as a dead letter that is cut', async () => {
  const { ingestion, log, letters } = setUp()
  const long = rawEventOf(Buffer.from(`"${'👩‍🎤'.repeat(10_000)}"`))
  const results = await ingestion.receive([play({ eventId: 'a' }), long, play({ eventId: 'b' })])
  assert.deepEqual(
    results.map(({ code }) => code),
    [undefined, 'too_large', undefined],
  )
  assert.deepEqual(await log.ids(), ['a', 'b'])
  const [letter] = await letters()
  assert.deepEqual([letter?.reason, letter?.event, letter?.cut], ['too_large', `"${'👩‍🎤'.repeat(199)}`, true])
})

test('reads up to 65,536 bytes, with or without a byte order mark, and refuses what is not UTF-8', () => {
  assert.deepEqual(rawEventOf(Buffer.from('1'.padEnd(65_536))), { value: 1 })
  assert.deepEqual(rawEventOf(Buffer.from('1'.padEnd(65_537))), { oversized: '1'.padEnd(1000) })
  assert.deepEqual(rawEventOf(Buffer.from('\ufeff[1]')), { value: [1] })
  assert.deepEqual(rawEventOf(Buffer.from([0x22, 0xff, 0x22])), { malformed: '"\ufffd"' })
})

test('gives an event without an id a UUIDv7', async () => {
  const { ingestion, log } = setUp()
  const [first, second] = await ingestion.receive([play(), play()])
  assert.match(first?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.notEqual(first?.id, second?.id)
  assert.equal((await log.ids()).length, 2)
})

test('takes the idempotency key as the id of an event that has none', async () => {
  const { ingestion } = setUp()
  assert.deepEqual(await ingestion.receive([play()], { idempotencyKey: 'k' }), [{ id: 'k', status: 'accepted' }])
  const [mismatch] = await ingestion.receive([play({ eventId: 'e' })], { idempotencyKey: 'k' })
  assert.deepEqual([mismatch?.status, mismatch?.code], ['rejected', 'id_mismatch'])
})

test('answers unavailable where neither the log nor the dead letters can be written', async () => {
  for (const failure of [new StoreUnavailable('locked'), unavailable('queue full')]) {
    const { ingestion, log, documents, letters } = setUp()
    log.failure = failure
    const statuses = async () => (await ingestion.receive([play(), { value: 1 }])).map(({ status }) => status)
    assert.deepEqual(await statuses(), ['unavailable', 'rejected'])
    documents.failure = failure
    assert.deepEqual(await statuses(), ['unavailable', 'unavailable'])
    assert.equal((await letters()).length, 1)
  }
})

test('throws other failures of the store', async () => {
  const { ingestion, log, documents } = setUp()
  documents.failure = new TypeError('bug')
  await assert.rejects(ingestion.receive([{ value: 1 }]), TypeError)
  log.failure = new TypeError('bug')
  await assert.rejects(ingestion.receive([play()]), TypeError)
})

test('replays an event under the id of its letter, whatever id it carries', async () => {
  const { ingestion, log, deadLetters, letters, documents } = setUp()
  await ingestion.receive([
    { value: { eventId: 'x' } },
    rawEventOf(Buffer.from('not json')),
    { value: { ...play().value, entityId: '' } },
  ])
  const replaying = { receive: ingestion.receive.bind(ingestion), loggedAs: async () => 'nothing' as const }
  const again = await new Replay(deadLetters, replaying).all()
  assert.deepEqual([again.replayed, again.rejected], [3, 3])
  const kept = await letters()
  assert.deepEqual(kept.map(({ reason }) => reason).sort(), ['malformed_json', 'required', 'required'])
  assert.ok(kept.some(({ event }) => event === 'not json'))
  for (const { id } of kept)
    await new Replay(deadLetters, replaying).one({ id, event: play({ eventId: 'other' }).value })
  assert.deepEqual((await log.ids()).sort(), kept.map(({ id }) => id).sort())
  assert.equal((await documents.counts('dead_letters')).size, 0)
})
