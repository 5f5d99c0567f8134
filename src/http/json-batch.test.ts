import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../errors.ts'
import { parseJson } from '../events/exact-json.ts'
import type { RawEvent } from '../ingestion/raw-event.ts'
import { readBatch } from './json-batch.ts'

/** The events of a body, or the code of what is wrong with it. */
async function read(text: string): Promise<RawEvent[] | string> {
  try {
    return [...(await readBatch(Buffer.from(text))).chunks].flat()
  } catch (error) {
    assert.ok(error instanceof ServiceError)
    return error.code
  }
}

/** The same by parsing the whole. */
function naive(text: string): RawEvent[] | string {
  try {
    const value = parseJson(text) as { events?: unknown } | unknown[] | null
    const events = Array.isArray(value) ? value : value?.events
    return Array.isArray(events) ? events.map(value => ({ value })) : 'required'
  } catch {
    return 'malformed_json'
  }
}

test('finds the events that a parser of the whole finds, and refuses what it refuses', async () => {
  const events = fc.array(fc.jsonValue())
  const body = fc.oneof(
    events,
    fc.record({ a: fc.jsonValue(), events: fc.oneof(events, fc.jsonValue()) }),
    fc.jsonValue(),
  )
  const text = fc
    .tuple(body, fc.constantFrom(undefined, 2, '\t'))
    .map(([value, space]) => JSON.stringify(value, null, space))
  // A character is taken out, put in, or doubled somewhere.
  const broken = fc.tuple(text, fc.nat(), fc.constantFrom('', ...'[]{},:"\\ 1')).map(([whole, at, by]) => {
    const i = at % (whole.length + 1)
    return whole.slice(0, i) + by + whole.slice(i + (by === '' ? 1 : 0))
  })
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, broken), async sent => assert.deepEqual(await read(sent), naive(sent))),
    { numRuns: 2000 },
  )
})

test('takes the last of several fields named events, however its name is written', async () => {
  assert.deepEqual(await read('{"events":[1],"e\\u0076ents":[2,3]}'), [{ value: 2 }, { value: 3 }])
  assert.equal(await read('{"events":[1],"events":{}}'), 'required')
})

test('cuts chunks by their number and by their bytes', async () => {
  const sizes = async (text: string) => [...(await readBatch(Buffer.from(text))).chunks].map(chunk => chunk.length)
  assert.deepEqual(await sizes(`[${Array(1200).fill('1')}]`), [500, 500, 200])
  assert.deepEqual(await sizes(`[${Array(9).fill(`"${'x'.repeat(60_000)}"`)}]`), [2, 2, 2, 2, 1])
})

test('does not look into an event that is too long', async () => {
  const long = `["${'x'.repeat(70_000)}",]`
  assert.deepEqual(await read(`[1,${long}]`), [{ value: 1 }, { oversized: long.slice(0, 1000) }])
  assert.equal(await read(`{"events":[],"x":"${'x'.repeat(70_000)}"}`), 'too_large')
})
