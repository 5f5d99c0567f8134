import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ALWAYS, QUARTER_MS } from '../storage/storage.ts'
import { cut } from './time-pieces.ts'

/** In quarters of an hour and milliseconds past them. */
const at = (quarter: number, ms = 0): number => quarter * QUARTER_MS + ms
const span = (from: number, to: number) => ({ from, to })

describe('an interval in pieces', () => {
  it('is whole quarters and an edge on either side', () => {
    assert.deepEqual(cut(span(at(1, -1), at(3, 1))), {
      quarters: span(at(1), at(3)),
      edges: [span(at(1, -1), at(1)), span(at(3), at(3, 1))],
    })
    assert.deepEqual(cut(span(at(1), at(3))), { quarters: span(at(1), at(3)), edges: [] })
    assert.deepEqual(cut(ALWAYS), { quarters: ALWAYS, edges: [] })
  })

  it('is one edge inside a single quarter, and two around a boundary', () => {
    assert.deepEqual(cut(span(at(1, 1), at(1, 2))), { quarters: null, edges: [span(at(1, 1), at(1, 2))] })
    assert.deepEqual(cut(span(at(1), at(1, 1))), { quarters: null, edges: [span(at(1), at(1, 1))] })
    assert.deepEqual(cut(span(at(1, -1), at(1, 1))), {
      quarters: null,
      edges: [span(at(1, -1), at(1)), span(at(1), at(1, 1))],
    })
  })

  it('is nothing where the interval is empty', () => {
    assert.deepEqual(cut(span(at(1), at(1))), { quarters: null, edges: [] })
    assert.deepEqual(cut(span(at(1, 5), at(1, 5))), { quarters: null, edges: [] })
  })

  it('lies before 1970 as after it', () => {
    assert.deepEqual(cut(span(at(-3, 1), at(-1))), { quarters: span(at(-2), at(-1)), edges: [span(at(-3, 1), at(-2))] })
  })
})
