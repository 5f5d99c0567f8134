import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pointAfterKey } from './crosshair-keys.ts'

const graph = { count: 30, latest: 25 }

test('arrows move by a point, pages by ten, and neither leaves the graph', () => {
  assert.equal(pointAfterKey('ArrowRight', 4, graph), 5)
  assert.equal(pointAfterKey('ArrowLeft', 0, graph), 0)
  assert.equal(pointAfterKey('PageDown', 25, graph), 29)
  assert.equal(pointAfterKey('PageUp', 15, graph), 5)
  assert.equal(pointAfterKey('Home', 15, graph), 0)
  assert.equal(pointAfterKey('End', 15, graph), 29)
})

test('the first arrow is at the latest point that has begun', () => {
  assert.equal(pointAfterKey('ArrowLeft', null, graph), 25)
})

test('Escape leaves, and other keys are for the page', () => {
  assert.equal(pointAfterKey('Escape', 4, graph), null)
  assert.equal(pointAfterKey('Tab', 4, graph), undefined)
  assert.equal(pointAfterKey('toString', 4, graph), undefined)
})
