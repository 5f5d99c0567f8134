import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BSON } from 'mongodb'
import { parseJson } from '../events/exact-json.ts'
import {
  dateDocument,
  decimalDocument,
  extendedValue,
  idDocument,
  plainNumber,
  plainValue,
  unreadValue,
} from './extended-json.ts'

const exact = (digits: string) => JSON.rawJSON(digits)

const OID = '665f1c2e8b3e4a0012ab34cd'

const UUID = '0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d'
const BASE64 = Buffer.from(UUID.replaceAll('-', ''), 'hex').toString('base64')

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
  ['{"$numberDouble":"1E1"}', 10],
  ['{"$numberDouble":"-0.0"}', -0],
  ['{"$numberDecimal":"9.990"}', '9.990'],
  ['{"$numberDecimal":"1E+1"}', '10'],
  ['{"$numberDecimal":"1.5E+2"}', '150'],
  ['{"$numberDecimal":"-1.5E-3"}', '-0.0015'],
  ['{"$numberDecimal":"1.234E+2"}', '123.4'],
  ['{"$numberDecimal":"0E-2"}', '0'],
  ['{"$numberDecimal":"0E+6000"}', '0'],
  ['{"$numberDecimal":"1E+6000"}', '1E+6000'],
  [`{"$uuid":"${UUID.toUpperCase()}"}`, UUID],
  [`{"$binary":{"base64":"${BASE64}","subType":"04"}}`, UUID],
  [`{"$binary":{"base64":"${BASE64}","subType":"03"}}`, UUID],
  [`{"$binary":"${BASE64}","$type":"04"}`, UUID],
  ['{"$symbol":"a"}', 'a'],
  ['{"$undefined":true}', null],
]
for (const [text, value] of cases) test(`reads ${text}`, () => assert.deepEqual(plainValue(parseJson(text)), value))

/** Without a plain form; beside each, what is kept of it where nothing reads it. */
const others: [string, string][] = [
  ['{"$oid":"5"}', '5'],
  ['{"$date":{}}', '{"$date":{}}'],
  ['{"$date":8640000000000001}', '{"$date":8640000000000001}'],
  ['{"$numberInt":"x"}', 'x'],
  ['{"$oid":"5","a":1}', '{"$oid":"5","a":1}'],
  ['{"$numberDouble":"NaN"}', 'NaN'],
  ['{"$numberDouble":"-Infinity"}', '-Infinity'],
  ['{"$numberDecimal":"NaN"}', 'NaN'],
  ['{"$uuid":"5"}', '5'],
  ['{"$binary":{"base64":"AA==","subType":"00"}}', 'AA=='],
  ['{"$binary":{"base64":"AA==","subType":"04"}}', 'AA=='],
  ['{"$binary":"AA==","$type":"00"}', 'AA=='],
  ['{"$code":"f()"}', 'f()'],
  ['{"$code":"f()","$scope":{"a":1}}', '{"$code":"f()","$scope":{"a":1}}'],
  ['{"$regularExpression":{"pattern":"^a","options":"i"}}', '{"$regularExpression":{"pattern":"^a","options":"i"}}'],
  ['{"$regex":"^a","$options":"i"}', '{"$regex":"^a","$options":"i"}'],
  ['{"$timestamp":{"t":1,"i":2}}', '{"$timestamp":{"t":1,"i":2}}'],
  ['{"$minKey":1}', '{"$minKey":1}'],
  ['{"$ref":"artists","$id":7}', '{"$ref":"artists","$id":7}'],
]
for (const [text, kept] of others) {
  test(`leaves ${text} to its reader, and keeps it as text where there is none`, () => {
    assert.deepEqual(plainValue(JSON.parse(text)), JSON.parse(text))
    const unread = unreadValue(plainValue(JSON.parse(`{"a":[${text},{"b":${text}}]}`)))
    assert.deepEqual(unread, { a: [kept, { b: kept }] })
  })
}

test('keeps names that begin with $ and are no types, for the rules of events to refuse', () => {
  assert.deepEqual(unreadValue(plainValue({ $set: { a: 1 } })), { $set: { a: 1 } })
})

test('reads a number beyond every double as Infinity', () => {
  assert.deepEqual(plainValue(parseJson('[1e999]')), [{ $numberDouble: 'Infinity' }])
})

test('reads a decimal as a number where a double holds it', () => {
  const read = (text: string) => plainNumber({ $numberDecimal: text })
  assert.deepEqual(['2', '2.00', '9.99', '1E+1', '2E+5', '0E-2'].map(read), [2, 2, 9.99, 10, 200_000, 0])
  assert.deepEqual(['2.0000000000000000001', '1E+6000'].map(read), ['2.0000000000000000001', '1E+6000'])
  assert.equal(plainNumber('2'), '2')
})

test('writes a decimal as a number, and gets it back', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e11 }), fc.constantFrom(1, 100, 1000, 10_000), (units, scale) => {
      const text = String(units / scale)
      const document = decimalDocument(text)
      assert.equal(typeof document, 'number')
      assert.equal(String(document), text)
    }),
  )
  assert.deepEqual(decimalDocument('0.10000000000000000001'), { $numberDecimal: '0.10000000000000000001' })
})

test('reads values in depth and is not deceived by prototype keys', () => {
  const plain = plainValue(JSON.parse('{"a":[{"b":{"$numberInt":"1"}}],"__proto__":{"c":{"$numberInt":"2"}}}'))
  assert.equal(JSON.stringify(plain), '{"a":[{"b":1}],"__proto__":{"c":2}}')
  assert.equal(({} as Record<string, unknown>).c, undefined)
})

test('writes dates and ids as MongoDB does', () => {
  assert.deepEqual(dateDocument(0), { $date: '1970-01-01T00:00:00.000Z' })
  assert.deepEqual(dateDocument(-1), { $date: { $numberLong: '-1' } })
  assert.deepEqual(idDocument(OID), { $oid: OID })
  assert.equal(idDocument('e1'), 'e1')
})

test('writes whole numbers that no double holds so that MongoDB keeps them, and reads them as they were', () => {
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

test('makes text of numbers that no event may hold in fields that no rule reads', () => {
  const text = `{"a":1e999,"b":[-1e999],"c":-${'1'.repeat(34)},"d":${'1'.repeat(35)}}`
  const kept = unreadValue(plainValue(parseJson(text)))
  const c = JSON.rawJSON(`-${'1'.repeat(34)}`)
  assert.deepEqual(kept, { a: 'Infinity', b: ['-Infinity'], c, d: '1'.repeat(35) })
})

/** Beyond 2^53 the driver writes a double in digits, whose last ones need not be its own. */
const doubles = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter(value => !Number.isInteger(value) || Number.isSafeInteger(value))

/** Values of MongoDB of which the driver's own reader loses nothing. */
const driverValues = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{24}$/).map(hex => new BSON.ObjectId(hex)),
  fc.uuid().map(text => new BSON.UUID(text)),
  fc.integer().map(value => new BSON.Int32(value)),
  fc.maxSafeInteger().map(value => BSON.Long.fromNumber(value)),
  doubles.map(value => new BSON.Double(value)),
  fc.date({ noInvalidDate: true }),
  fc.string().map(text => new BSON.BSONSymbol(text)),
)

/** What the driver's reader makes of a document, as plain JSON. */
function plainOf(value: unknown): unknown {
  if (value instanceof BSON.ObjectId) return value.toHexString()
  if (value instanceof BSON.Binary) return value.toUUID().toString()
  if (value instanceof Date) return value.getTime()
  return value instanceof BSON.BSONSymbol ? value.value : value
}

test("reads the same as the driver's reader, in both forms that the driver writes", () => {
  fc.assert(
    fc.property(driverValues, fc.boolean(), (value, relaxed) => {
      const text = BSON.EJSON.stringify({ value }, { relaxed })
      const { value: read } = plainValue(parseJson(text)) as { value: unknown }
      const { value: expected } = BSON.EJSON.parse(text, { relaxed: true }) as { value: unknown }
      assert.deepEqual(value instanceof Date ? Date.parse(read as string) : read, plainOf(expected), text)
    }),
    { numRuns: 1_000 },
  )
})
