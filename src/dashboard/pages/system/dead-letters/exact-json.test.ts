import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExact } from './exact-json.ts'

test('what is read and written again has the digits that it had', () => {
  for (const text of [
    '{"entityId":9007199254740993,"price":1e400,"items":[0.1234567890123456789,-90071992547409931234]}',
    '{"a":1.50e2,"b":[1,2.5,null,true,"9007199254740993 1e400"]}',
    '9007199254740993',
    '{"price":1e400}',
  ]) {
    assert.equal(JSON.stringify(parseExact(text)), text)
  }
})

test('ordinary JSON is read as ever, and what is none is refused', () => {
  assert.deepEqual(parseExact('{"a":[1,{"b":"x"}]}'), { a: [1, { b: 'x' }] })
  assert.throws(() => parseExact('{"a":1'), SyntaxError)
  assert.throws(() => parseExact('{"a":9007199254740993'), SyntaxError)
})
