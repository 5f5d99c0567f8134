import assert from 'node:assert/strict'
import { test } from 'node:test'
import { texts } from '../texts.ts'
import { type GraphData, linesOf } from './graph-data.ts'
import { readoutsOf, spoken } from './readout.ts'

const formats = {
  date: (at: string | number) => new Date(at).toISOString().slice(0, 10),
  dateTime: (at: string | number) => new Date(at).toISOString(),
  dateParts: (at: string | number) => new Date(at).toISOString().slice(0, 10),
  change: (perCent: number) => `${perCent}%`,
}
const day = (date: number) => `2026-11-${String(date).padStart(2, '0')}T00:00:00Z`
const days = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ start: day(first + i), end: day(first + i + 1) }))
const data: GraphData = {
  points: days(24, 4),
  interval: 'day',
  tz: 'UTC',
  now: '2026-11-26T14:00:00Z',
  measure: { name: 'plays', format: value => `${value}.`, isWhole: true },
  series: [{ name: 'Now', values: [30, 5, 3, 0] }],
  earlier: { name: 'Before', values: [20, 0, 4, 9], points: days(10, 4) },
  marks: [{ at: '2026-11-26T10:00:00Z', label: 'Aurora', href: '/album/1' }],
}
const readout = (index: number, of: GraphData = data) => readoutsOf(of, linesOf(of), formats, texts.en)(index)

test('a point is compared with the same point of the earlier range, which says its own date', () => {
  assert.deepEqual(readout(0), {
    when: '2026-11-24',
    values: [{ name: 'Now', value: '30.', when: undefined, isOpen: false }],
    earlier: { name: 'Before', value: '20.', when: '2026-11-10', isOpen: false },
    change: '50%',
    marks: [],
  })
})

test('there is no change since nothing, nor of a point that is not over', () => {
  assert.equal(readout(1).change, undefined)
  assert.equal(readout(2).change, undefined)
  assert.equal(readout(2).values[0]!.isOpen, true)
})

test('there is no change since more was taken back than given: a share of less than nothing says nothing', () => {
  const earlier = { ...data.earlier!, values: [-2, 0, 4, 9] }
  assert.equal(readout(0, { ...data, earlier }).change, undefined)
})

test('a point that has not begun has no figure', () => {
  assert.equal(readout(3).values[0]!.value, '–')
})

test('what is spoken has date, value and unit, the earlier value, and the marks', () => {
  assert.equal(spoken(readout(0), 'plays', texts.en), '2026-11-24. 30. plays. 20. before, 2026-11-10. 50%')
  assert.equal(
    spoken(readout(2), 'plays', texts.es),
    '2026-11-26. 3. plays (sin terminar). 4. antes, 2026-11-12. Aurora',
  )
})

test('series by day since a release have their own dates, and are named one by one', () => {
  const releases = ['A', 'B'].map((name, i) => ({ name, values: [i, 2], points: days(1 + i, 2) }))
  const aligned: GraphData = { ...data, points: days(1, 2), x: 'days', series: releases, earlier: undefined, marks: [] }
  assert.equal(readout(1, aligned).when, 'Day 2')
  assert.equal(readout(1, aligned).values[1]!.when, '2026-11-03')
  assert.equal(spoken(readout(1, aligned), 'plays', texts.es), 'Day 2. A: 2.. B: 2.')
})
