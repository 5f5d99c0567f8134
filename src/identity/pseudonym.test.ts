import assert from 'node:assert/strict'
import { test } from 'node:test'
import { artistRef } from './entity-ref.ts'
import { listenerPseudonym } from './pseudonym.ts'

const ana = artistRef('4')

test('a listener has one pseudonym for an artist, and another for every other artist and secret', () => {
  const pseudonym = listenerPseudonym('secret', ana, 'u1')
  assert.match(pseudonym, /^listener-[0-9a-hjkmnp-tv-z]{10}$/)
  assert.equal(listenerPseudonym('secret', ana, 'u1'), pseudonym)
  const others = [
    listenerPseudonym('secret', ana, 'u2'),
    listenerPseudonym('secret', artistRef('5'), 'u1'),
    listenerPseudonym('another', ana, 'u1'),
  ]
  assert.equal(new Set([pseudonym, ...others]).size, 4)
})

test('ten thousand listeners have different pseudonyms', () => {
  const pseudonyms = Array.from({ length: 10_000 }, (_, i) => listenerPseudonym('secret', ana, `u${i}`))
  assert.equal(new Set(pseudonyms).size, 10_000)
})
