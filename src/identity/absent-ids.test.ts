import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, isNobody, isNothing } from './absent-ids.ts'

const NOTHING = ['undefined', 'null', 'NaN', '[object Object]', '', ' ', '\t\r\n', '\u00a0\u2003\u3000\ufeff']

test('what scripts write where they have no value, and blanks, say nothing in any case of letters', () => {
  for (const text of NOTHING) {
    for (const written of [text, text.toUpperCase(), text.toLowerCase(), ` ${text}\u2003`]) {
      assert.ok(isNothing(written) && isNobody(written), JSON.stringify(written))
      assert.equal(given(written), undefined)
    }
  }
  assert.equal(given(undefined), undefined)
})

test('anonymous is nobody, but may be the id of a thing', () => {
  for (const text of ['anonymous', 'Anonymous', ' ANONYMOUS\n']) {
    assert.ok(isNobody(text))
    assert.equal(given(text), text)
  }
})

test('what only looks like it is somebody', () => {
  for (const text of ['u1', '0', 'undefined1', 'nullable', 'Nan Goldin', 'object Object', 'anonymous7', 'false', '-']) {
    assert.ok(!isNothing(text) && !isNobody(text), text)
  }
})
