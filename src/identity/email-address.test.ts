import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressKey, asciiAddress, masked } from './email-address.ts'

test('asciiAddress returns one plain address, its domain in ASCII, and null for any other text', () => {
  for (const good of ['ana@example.com', 'a.b+c@x-y.example', 'root@localhost', 'a..b@x.y']) {
    assert.equal(asciiAddress(good), good)
  }
  assert.equal(asciiAddress('ana@Ñandú.example'), 'ana@xn--and-6ma2c.example')
  assert.equal(asciiAddress('ana@nandú.example'), asciiAddress('ana@nandu\u0301.example'))
  assert.equal(asciiAddress('a@हिन्दी.example'), 'a@xn--j2bd4cyah0f.example')
  assert.equal(asciiAddress('a@کتاب\u200cها.example'), 'a@xn--mgbacg1m8wy53l.example')
  const bad = [
    '',
    'ana',
    'a@x, b@y',
    'Ana <a@x.y>',
    'a@x.y\r\nBcc: b@x.y',
    'a b@x.y',
    'a@x.y ',
    '<a@x.y>',
    'a@b@c',
    '"a"@x.y',
    'josé@example.com',
    'b@mail_1.example',
    'a@x.y\n',
    'a@x\r\n.y',
    'a@x..y',
    'a@x.y.',
    'a@.x.y',
    'a@-x.y',
    'a@x-.y',
    'a@127.0.0.1',
    'a@x.1',
    'a@[127.0.0.1]',
    'a@x%41.y',
    'a@x/y.z',
    'a@❤.example',
    `${'a'.repeat(65)}@x.y`,
    `a@${'b'.repeat(64)}.y`,
    `a@${'ñ'.repeat(60)}.y`,
    `a@${'b.'.repeat(126)}y`,
    `${'a'.repeat(250)}@x.y`,
  ]
  for (const text of bad) assert.equal(asciiAddress(text), null, text)
})

test('masks every address of a text', () => {
  assert.equal(masked('ana@example.com'), 'a***@example.com')
  assert.equal(masked('550 5.1.1 <ana@example.com>: not here'), '550 5.1.1 <a***@example.com>: not here')
  assert.equal(masked('😀smile@example.com'), '😀***@example.com')
})

test('two spellings of an address have one key', () => {
  const keys = ['Ana@Ñandú.example', 'ana@xn--and-6ma2c.EXAMPLE', 'ANA@ñandu\u0301.example'].map(addressKey)
  assert.deepEqual([...new Set(keys)], ['ana@xn--and-6ma2c.example'])
})
