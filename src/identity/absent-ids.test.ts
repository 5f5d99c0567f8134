import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOrUndefined, isAbsentId, isAnonymousUserId } from './absent-ids.ts'

const ABSENT = ['undefined', 'null', 'NaN', '[object Object]', '', ' ', '\t\r\n', '\u00a0\u2003\u3000\ufeff']

test('blanks, and what scripts write where they have no value, are absent ids in any case of letters', () => {
  for (const text of ABSENT) {
    for (const written of [text, text.toUpperCase(), text.toLowerCase(), ` ${text}\u2003`]) {
      assert.ok(isAbsentId(written) && isAnonymousUserId(written), JSON.stringify(written))
      assert.equal(idOrUndefined(written), undefined)
    }
  }
  assert.equal(idOrUndefined(undefined), undefined)
})

test('anonymous is no user, but may be the id of an entity', () => {
  for (const text of ['anonymous', 'Anonymous', ' ANONYMOUS\n']) {
    assert.ok(isAnonymousUserId(text))
    assert.equal(idOrUndefined(text), text)
  }
})

test('a text that only resembles an absent id is an id', () => {
  for (const text of ['u1', '0', 'undefined1', 'nullable', 'Nan Goldin', 'object Object', 'anonymous7', 'false', '-']) {
    assert.ok(!isAbsentId(text) && !isAnonymousUserId(text), text)
  }
})
