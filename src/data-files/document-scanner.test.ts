import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DocumentScanner } from './document-scanner.ts'

/** The documents of a text that comes in chunks of the given sizes, over and over. */
function scan(text: string | Uint8Array, sizes: readonly number[] = [1 << 20]) {
  const bytes = Buffer.from(text as string)
  const scanner = new DocumentScanner('x.json')
  const found: { value: unknown; line: number; number: number }[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + sizes[i % sizes.length]!
    for (const { text, ...place } of scanner.push(bytes.subarray(at, end))) {
      found.push({ value: JSON.parse(text), ...place })
    }
    at = end
  }
  scanner.end()
  return found
}

const values = (text: string, sizes?: readonly number[]) => scan(text, sizes).map(({ value }) => value)
const documents = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 })), {
  maxLength: 8,
})
const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const indents = fc.constantFrom(0, 2)

test('documents of an array are what JSON.parse finds, whatever the chunks', () => {
  fc.assert(
    fc.property(documents, chunkSizes, indents, (list, sizes, indent) => {
      const text = JSON.stringify(list, null, indent)
      assert.deepEqual(values(text, sizes), JSON.parse(text))
    }),
  )
})

test('documents of lines are what JSON.parse finds, and begin where they say', () => {
  fc.assert(
    fc.property(documents, chunkSizes, fc.constantFrom('\n', '\r\n', '\n\n'), (list, sizes, between) => {
      fc.pre(list.length > 0)
      const lines = list.map(document => JSON.stringify(document))
      const found = scan(lines.join(between), sizes)
      assert.deepEqual(
        found.map(({ value }) => value),
        lines.map(line => JSON.parse(line)),
      )
      const step = between === '\n\n' ? 2 : 1
      assert.deepEqual(
        found.map(({ line }) => line),
        list.map((_, i) => 1 + i * step),
      )
      assert.deepEqual(
        found.map(({ number }) => number),
        list.map((_, i) => 1 + i),
      )
    }),
  )
})

test('documents that are cut off anywhere before the end of the array are a fault', () => {
  const text = '[{"a": "]}\\"{[", "b": [{}]},\n{"c": 1}]'
  assert.equal(values(text).length, 2)
  for (let end = 0; end < text.length; end++)
    assert.throws(() => values(text.slice(0, end)), /x\.json, line \d(, document \d)?: /)
})

const faults: [string, string | Uint8Array, RegExp][] = [
  ['nothing', '', /line 1: is empty/],
  ['no document', '[1]', /line 1: must go on with a document or/],
  ['a value after a document', '{}\n5', /line 2, document 1: must go on with a document/],
  ['a comma too many', '[{},\n]', /line 2, document 1: must go on with a document/],
  ['a comma too few', '[{}\n{}]', /line 2, document 1: must go on with a comma/],
  ['something after the array', '[]\n{}', /line 2: must have nothing after/],
  ['too deep', `{"a":${'['.repeat(100)}`, /line 1, document 1: is nested more than 100 deep/],
  [
    'too large',
    `\n{"a":"${'x'.repeat(16 * 1024 * 1024)}"}`,
    /line 2, document 1: begins a document of more than 16 MiB/,
  ],
  ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /line 1, document 1: begins a document that is not UTF-8/],
]
for (const [name, text, fault] of faults) test(`refuses what is ${name}`, () => assert.throws(() => scan(text), fault))

test('takes an empty array, and a byte order mark', () => {
  assert.deepEqual(values('\ufeff [ ]\n'), [])
  assert.deepEqual(values('\ufeff{}', [1]), [{}])
})
