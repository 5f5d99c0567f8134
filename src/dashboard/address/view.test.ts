import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressWith } from './parameters.ts'
import { readView } from './view.ts'

const read = (query: string) => readView(new URLSearchParams(query))

test('an address says the range, the comparison, the zone and the interval', () => {
  assert.deepEqual(read('range=own&from=2026-01-01&to=2026-01-31&compare=weekday&tz=Europe/Madrid&interval=day'), {
    range: 'own',
    from: '2026-01-01',
    to: '2026-01-31',
    tz: 'Europe/Madrid',
    compare: 'weekday',
    interval: 'day',
  })
})

test('what an address says wrongly is as if it was absent', () => {
  const plain = read('tz=UTC')
  assert.equal(plain.range, '28d')
  for (const query of [
    'range=fortnight&tz=UTC',
    'range=own&tz=UTC',
    'range=own&from=2026-02-30&to=2026-03-01&tz=UTC',
    'range=own&from=2026-03-02&to=2026-03-01&tz=UTC',
    'compare=nothing&tz=UTC',
  ]) {
    assert.deepEqual(read(query), plain, query)
  }
})

test('a zone that no browser knows becomes that of the browser', () => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  assert.equal(read('tz=Europe/Atlantis').tz, own)
  assert.equal(read('').tz, own)
  assert.equal(read('tz=America/Bogota').tz, 'America/Bogota')
})

test('a change leaves the other parameters of an address as they are', () => {
  const parameters = new URLSearchParams('range=7d&tz=UTC')
  assert.equal(addressWith('/artist/4', parameters, { range: '90d' }), '/artist/4?range=90d&tz=UTC')
  assert.equal(addressWith('/artist/4', parameters, { range: null, tz: null }), '/artist/4')
  assert.equal(parameters.get('range'), '7d')
})
