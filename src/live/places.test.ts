import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Places } from './places.ts'

class TestHolder {
  isDisplaced = false

  displace(): void {
    this.isDisplaced = true
  }
}

function taken(places: Places<TestHolder>, client: string, count: number): TestHolder[] {
  return Array.from({ length: count }, () => {
    const holder = new TestHolder()
    assert.ok(places.take(client, holder), `${client} got no place`)
    return holder
  })
}

test('a client may take all places, and no one more', () => {
  const places = new Places<TestHolder>(3)
  const holders = taken(places, 'a', 3)
  assert.equal(places.take('a', new TestHolder()), false)
  assert.deepEqual(
    holders.map(({ isDisplaced }) => isDisplaced),
    [false, false, false],
  )
})

test('a place that is freed can be taken again, and freeing it twice frees no other one', () => {
  const places = new Places<TestHolder>(2)
  const [first] = taken(places, 'a', 2)
  places.free('a', first!)
  places.free('a', first!)
  taken(places, 'b', 1)
  assert.equal(places.take('b', new TestHolder()), false)
})

test('a client with fewer gets the newest places of the one with most, until both have as many', () => {
  const places = new Places<TestHolder>(6)
  const ofA = taken(places, 'a', 5)
  taken(places, 'b', 1)
  taken(places, 'c', 2)
  assert.deepEqual(
    ofA.map(({ isDisplaced }) => isDisplaced),
    [false, false, false, true, true],
  )
  assert.equal(places.take('c', new TestHolder()), false)
  taken(places, 'b', 1)
  assert.equal(places.take('b', new TestHolder()), false)
})
