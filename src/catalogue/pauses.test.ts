/** How long a 429 pauses the calls. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pauseOf } from './pauses.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const date = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString()
const epoch = (seconds: number) => String(NOW / 1000 + seconds)

/** The pause in seconds. */
const pause = (headers: Record<string, string>) => pauseOf(new Headers(headers), NOW) / 1000

test('Retry-After is read in seconds and as a date', () => {
  assert.equal(pause({ 'retry-after': '7' }), 7)
  assert.equal(pause({ 'retry-after': date(9) }), 9)
})

test('Retry-After comes before the other headers, unless it is not understood', () => {
  assert.equal(pause({ 'retry-after': '7', 'ratelimit-reset': '12' }), 7)
  assert.equal(pause({ 'retry-after': '13', 'ratelimit-reset': '12' }), 13)
  assert.equal(pause({ 'retry-after': 'soon', 'ratelimit-reset': '12' }), 12)
  assert.equal(pause({ 'retry-after': '2', 'ratelimit-reset': epoch(40) }), 2)
})

test('RateLimit-Reset and X-RateLimit-Reset are read in seconds and as instants', () => {
  assert.equal(pause({ 'ratelimit-reset': '12' }), 12)
  assert.equal(pause({ 'ratelimit-reset': epoch(40) }), 40)
  assert.equal(pause({ 'ratelimit-reset': `${epoch(40)}000` }), 40)
  assert.equal(pause({ 'x-ratelimit-reset': epoch(40) }), 40)
})

test('the combined RateLimit header is read in both forms of its drafts', () => {
  assert.equal(pause({ ratelimit: 'limit=150, remaining=0, reset=17' }), 17)
  assert.equal(pause({ ratelimit: '"default";r=0;t=18' }), 18)
})

test('a pause without a header that is understood takes a minute', () => {
  assert.equal(pause({}), 60)
  assert.equal(pause({ 'retry-after': 'soon', 'ratelimit-reset': '-5' }), 60)
})

test('a pause takes a second at least', () => {
  assert.equal(pause({ 'ratelimit-reset': epoch(-40) }), 1)
  assert.equal(pause({ 'retry-after': '0' }), 1)
  assert.equal(pause({ 'retry-after': date(-9) }), 1)
})

test('a pause takes five minutes at most', () => {
  assert.equal(pause({ 'retry-after': '86400' }), 300)
  assert.equal(pause({ 'ratelimit-reset': epoch(86_400) }), 300)
})
