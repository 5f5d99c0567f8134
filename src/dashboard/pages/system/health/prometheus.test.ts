import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { parseMetrics, sumOf } from './prometheus.ts'

test('what the library writes is read as it was given', async () => {
  const registers = [new Registry()]
  const events = new Counter({ name: 'events_total', help: 'Events # by "status"', labelNames: ['status'], registers })
  events.inc({ status: 'accepted' }, 12)
  events.inc({ status: 'rejected' }, 3)
  new Gauge({ name: 'lag_seconds', help: 'Lag', registers }).set(0.25)
  const letters = new Gauge({ name: 'letters', help: 'By reason', labelNames: ['reason', 'more'], registers })
  letters.set({ reason: 'a "quoted" \\ one}, with\nlines', more: 'x="y"' }, -1.5e-7)
  new Histogram({ name: 'duration', help: 'Time', buckets: [1], registers }).observe(2)

  const samples = parseMetrics((await registers[0]?.metrics()) ?? '')

  assert.deepEqual(samples, [
    { name: 'events_total', labels: { status: 'accepted' }, value: 12 },
    { name: 'events_total', labels: { status: 'rejected' }, value: 3 },
    { name: 'lag_seconds', labels: {}, value: 0.25 },
    { name: 'letters', labels: { reason: 'a "quoted" \\ one}, with\nlines', more: 'x="y"' }, value: -1.5e-7 },
    { name: 'duration_bucket', labels: { le: '1' }, value: 0 },
    { name: 'duration_bucket', labels: { le: '+Inf' }, value: 1 },
    { name: 'duration_sum', labels: {}, value: 2 },
    { name: 'duration_count', labels: {}, value: 1 },
  ])
})

test('samples of a name are summed, of those labels that are asked for', () => {
  const samples = parseMetrics('a{x="1"} 2\na{x="2",y="1"} 3\nab 7\ninfinite -Inf\n')
  assert.equal(sumOf(samples, 'a'), 5)
  assert.equal(sumOf(samples, 'a', { x: '2' }), 3)
  assert.equal(sumOf(samples, 'a', { x: '3' }), undefined)
  assert.equal(sumOf(samples, 'none'), undefined)
  assert.equal(sumOf(samples, 'infinite'), Number.NEGATIVE_INFINITY)
})
