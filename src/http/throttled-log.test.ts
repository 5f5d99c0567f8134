import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { pino } from 'pino'
import { ThrottledLog } from './throttled-log.ts'

type Line = Record<string, unknown>

function start(t: TestContext, isUnlimited = false) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const lines: Line[] = []
  const log = new ThrottledLog(pino({}, { write: line => void lines.push(JSON.parse(line) as Line) }), isUnlimited)
  const refuse = (times: number, status = 404, route = 'unmatched') => {
    for (let i = 0; i < times; i++) log.write('info', 'request', { status, route }, { reqId: i })
  }
  const shown = () => lines.splice(0).map(({ status, reqId, omitted }) => [status, reqId, omitted])
  return { log, refuse, shown }
}

test('writes one line a second of a kind, which says how many were omitted before it', t => {
  const { refuse, shown } = start(t)
  refuse(1000)
  assert.deepEqual(shown(), [[404, 0, undefined]])
  t.mock.timers.tick(1000)
  refuse(500)
  assert.deepEqual(shown(), [[404, 0, 999]])
  refuse(1, 400)
  refuse(1, 404, '/api/stats/trending')
  assert.deepEqual(shown(), [
    [400, 0, undefined],
    [404, 0, undefined],
  ])
})

test('the lines omitted last are reported when nothing more comes, and at the end', t => {
  const { log, refuse, shown } = start(t)
  refuse(8)
  shown()
  t.mock.timers.tick(2000)
  assert.deepEqual(shown(), [[404, undefined, 7]])
  t.mock.timers.tick(5000)
  assert.deepEqual(shown(), [])
  refuse(3)
  log.close()
  assert.deepEqual(shown(), [
    [404, 0, undefined],
    [404, undefined, 2],
  ])
})

test('ten lines a second of a level, however many kinds there are; none of another level is lost for it', t => {
  const { log, refuse, shown } = start(t)
  for (let status = 400; status < 440; status++) refuse(2, status)
  log.write('warn', 'request', { status: 503, route: 'unmatched' }, { reqId: 'failed' })
  assert.deepEqual(
    shown().map(([status]) => status),
    [400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 503],
  )
  for (let second = 0; second < 10; second++) t.mock.timers.tick(1000)
  const omitted = shown().map(([status, , omitted]) => [status, omitted])
  assert.deepEqual(
    omitted.sort((a, b) => Number(a[0]) - Number(b[0])),
    Array.from({ length: 40 }, (_, i) => [400 + i, i < 10 ? 1 : 2]),
  )
})

test('every line is written where the log is unlimited', t => {
  const { refuse, shown } = start(t, true)
  refuse(50)
  assert.equal(shown().length, 50)
})
