import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseJson } from '../events/exact-json.ts'
import { dateOf, extendedValue, idDocument, plainValue } from './extended-json.ts'

const exact = (digits: string) => JSON.rawJSON(digits)

const OID = '665f1c2e8b3e4a0012ab34cd'

const cases: [string, unknown][] = [
  [`{"$oid":"${OID.toUpperCase()}"}`, OID],
  ['{"$date":"2026-01-02T03:04:05Z"}', '2026-01-02T03:04:05Z'],
  ['{"$date":{"$numberLong":"-1"}}', '1969-12-31T23:59:59.999Z'],
  ['{"$date":1000}', '1970-01-01T00:00:01.000Z'],
  ['{"$numberInt":"-5"}', -5],
  ['{"$numberLong":"9007199254740993"}', exact('9007199254740993')],
  ['{"$numberLong":"-009007199254740993"}', exact('-9007199254740993')],
  ['{"$numberLong":9007199254740993}', exact('9007199254740993')],
  ['{"$numberDecimal":"9223372036854775807"}', '9223372036854775807'],
  ['{"$numberDecimal":"9223372036854775808"}', exact('9223372036854775808')],
  ['{"$numberLong":"12"}', 12],
  ['{"$numberDouble":"9.990"}', 9.99],
  ['{"$numberDouble":"-Infinity"}', Number.NEGATIVE_INFINITY],
  ['{"$numberDecimal":"9.99"}', '9.99'],
]
for (const [text, value] of cases) it(`reads ${text}`, () => assert.deepEqual(plainValue(parseJson(text)), value))

for (const text of ['{"$oid":"5"}', '{"$date":{}}', '{"$numberInt":"x"}', '{"$toString":"1"}', '{"$oid":"5","a":1}']) {
  it(`leaves ${text} to its reader`, () => assert.deepEqual(plainValue(JSON.parse(text)), JSON.parse(text)))
}

it('reads values in depth and is not deceived by prototype keys', () => {
  const plain = plainValue(JSON.parse('{"a":[{"b":{"$numberInt":"1"}}],"__proto__":{"c":{"$numberInt":"2"}}}'))
  assert.equal(JSON.stringify(plain), '{"a":[{"b":1}],"__proto__":{"c":2}}')
  assert.equal(({} as Record<string, unknown>).c, undefined)
})

it('writes dates and ids as MongoDB does', () => {
  assert.deepEqual(dateOf(0), { $date: '1970-01-01T00:00:00.000Z' })
  assert.deepEqual(dateOf(-1), { $date: { $numberLong: '-1' } })
  assert.deepEqual(idDocument(OID), { $oid: OID })
  assert.equal(idDocument('e1'), 'e1')
})

it('writes whole numbers that no double holds so that MongoDB keeps them, and reads them as they were', () => {
  const text = '{"a":[9007199254740993,{"b":-9223372036854775808}],"c":9223372036854775808,"d":1.5,"e":null}'
  const written = extendedValue(parseJson(text))
  assert.deepEqual(written, {
    a: [{ $numberLong: '9007199254740993' }, { b: { $numberLong: '-9223372036854775808' } }],
    c: { $numberDecimal: '9223372036854775808' },
    d: 1.5,
    e: null,
  })
  assert.equal(JSON.stringify(plainValue(written)), text)
})
