import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseJson } from '../events/exact-json.ts'
import { type BodyReader, ListBody, wholeBody } from './answer-bodies.ts'

const BOUNDS = { bytes: 1_000_000, items: 1000 }

const list = (bounds = BOUNDS) => new ListBody(bounds, item => item as object)

/** The text in pieces of so many bytes. */
function read<T>(reader: BodyReader<T>, text: string, piece = 7): T | undefined {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece))
  return reader.end()
}

test('a list in any chunks gives what parsing it at once gives', () => {
  const items = fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 20 })
  fc.assert(
    fc.property(items, fc.constantFrom(0, 1), fc.integer({ min: 1, max: 50 }), (value, indent, piece) => {
      const text = JSON.stringify(value, null, indent)
      assert.deepEqual(read(list(), text, piece), parseJson(text))
    }),
  )
})

test('a list is undefined where the text is not one', () => {
  const texts = [
    '',
    ' ',
    '{}',
    '7',
    '[1',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '[}',
    '[1]]',
    '[1]x',
    '[1]{}',
    '"[1]"',
    '[[1]',
  ]
  for (const text of texts) assert.equal(read(list(), text), undefined, text)
  for (const text of ['[]', ' [ ] ', '\ufeff[]']) assert.deepEqual(read(list(), text), [], text)
})

test('a list that exceeds a limit is refused while it arrives', () => {
  const excessive = (text: string, bounds = BOUNDS) =>
    assert.throws(() => read(list(bounds), text, 65_536), { name: 'ExcessiveAnswer' }, text.slice(0, 20))
  excessive(`[${' '.repeat(BOUNDS.bytes)}`)
  excessive(' '.repeat(2000))
  excessive('[['.repeat(20))
  excessive(`[${'0,'.repeat(BOUNDS.items + 1)}`)
  excessive(`["${'x'.repeat(2 ** 20)}`, { bytes: 2 ** 22, items: 10 })
  assert.equal(read(list(), `[${'0,'.repeat(BOUNDS.items - 1)}0]`)?.length, BOUNDS.items)
})

test('a list leaves out items for which the reader returns undefined', () => {
  const even = new ListBody(BOUNDS, item => (Number(item) % 2 === 0 ? item : undefined))
  assert.deepEqual(read(even, '[1,2,3,4]'), [2, 4])
})

test('a single value in any chunks gives what parsing it at once gives', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), value => {
      const text = JSON.stringify(value)
      assert.deepEqual(read(wholeBody(1_000_000), text), parseJson(text))
    }),
  )
  assert.equal(read(wholeBody(100), '{"a"'), undefined)
})

test('a single value that exceeds a limit is refused while it arrives', () => {
  assert.throws(() => read(wholeBody(100), 'x'.repeat(101)), { name: 'ExcessiveAnswer' })
  assert.throws(() => read(wholeBody(100), '['.repeat(33)), { name: 'ExcessiveAnswer' })
  const text = JSON.stringify('["'.repeat(33))
  assert.equal(read(wholeBody(200), text), JSON.parse(text))
})
