import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { digitsOf, isExactNumber, parseJson, wholeNumber } from './exact-json.ts'

const rewritten = (text: string): string => JSON.stringify(parseJson(text))

test('keeps all digits of whole numbers, wherever they are', () => {
  for (const text of [
    '9007199254740993',
    '-9007199254740993',
    '{"a":[{"b":12345678901234567890}],"c":[9007199254740993,9007199254740995]}',
    '{"":-18446744073709551615,"__proto__":{"a":9007199254740993}}',
    `[${'7'.repeat(400)}]`,
  ]) {
    assert.equal(rewritten(text), text)
  }
})

test('keeps a number beyond every double as it was written', () => {
  assert.equal(rewritten('[1e400,-1.5E+999,1e-400]'), '[1e400,-1.5E+999,0]')
})

test('reads all other numbers as JSON.parse does', () => {
  const text = '[9007199254740991,-9007199254740991,1e23,9007199254740993.0,0.1234567890123456789,14.270000000000001]'
  assert.deepEqual(parseJson(text), JSON.parse(text))
})

test('leaves digits in strings and names alone', () => {
  const text = String.raw`{"1234567890123456789":"9007199254740993","a\\":"\",9007199254740993,\\","b":9007199254740993}`
  assert.equal(rewritten(text), text)
  assert.throws(() => parseJson('{9007199254740993:1}'), SyntaxError)
  assert.throws(() => parseJson('[9007199254740993,]'), SyntaxError)
})

test('reads a value that is nested 50,000 deep', () => {
  const text = `${'['.repeat(50_000)}9007199254740993${']'.repeat(50_000)}`
  let value = parseJson(text)
  while (Array.isArray(value)) value = value[0]
  assert.deepEqual(value, JSON.rawJSON('9007199254740993'))
})

test('reads and writes what JSON.stringify wrote, also with large numbers in it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.bigInt({ min: 2n ** 53n }), (value, number) => {
      const text = JSON.stringify(value)
      assert.equal(rewritten(text), JSON.stringify(JSON.parse(text)))
      const both = `{"value":${text},"numbers":[${number},-${number}]}`
      assert.equal(rewritten(both), both)
    }),
  )
})

test('gives the digits of a whole number, and nothing where they are lost', () => {
  const digits = (text: string) => digitsOf(parseJson(text) as number)
  assert.deepEqual(['12', '-9007199254740993', '1.5', '1e23', '1e400'].map(digits), [
    '12',
    '-9007199254740993',
    undefined,
    undefined,
    undefined,
  ])
  assert.equal(wholeNumber('-0012'), -12)
  assert.deepEqual(wholeNumber('-009007199254740993'), JSON.rawJSON('-9007199254740993'))
  assert.ok(!isExactNumber({ rawJSON: '9007199254740993' }))
})
