/** The demo: the same audience for the same moment, figures that are as it sent them, and nothing left behind. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { type TestContext, test } from 'node:test'
import { Simulation } from '../../dev/demo/simulation.ts'
import { type Demo, type DemoOptions, startDemo } from '../../dev/demo/start-demo.ts'
import { json, until } from '../support/http.ts'
import { temporaryFolder } from '../support/service-process.ts'

const NOW = Date.parse('2026-10-30T18:30:00Z')
const SMALL: DemoOptions = { historyDays: 8, eventsPerDay: 150 }

test('the demo has counted what its audience sent when it is ready, and leaves nothing behind', async t => {
  const { demo, folder } = await started(t, { ...SMALL, now: NOW, live: false })
  const ask = async (path: string) => json(await fetch(demo.url + path))
  const { accepted, duplicates, plays, refused } = demo.history
  assert.ok(accepted > 4000 && duplicates > 0 && plays < accepted && plays > 3000, JSON.stringify(demo.history))
  const { plays: counted, lastEventAt } = await ask('/api/stats/overview')
  assert.equal(counted, plays)
  assert.ok((lastEventAt as string) <= new Date(NOW).toISOString())
  assert.ok(((await ask('/healthz')).timestamp as string).startsWith('2026-10-30T18:3'))
  assert.equal((await ask('/api/stats/dead-letters/summary')).total, refused)
  const { items } = await ask(`/api/stats/search?q=${encodeURIComponent('<img src=x onerror=alert(1)>')}&kind=artist`)
  const [markup] = items as { id: string; name: string }[]
  assert.deepEqual([markup?.id, markup?.name], [demo.artists.markup, '<img src=x onerror=alert(1)>'])

  await demo.stop()
  await assertNothingLeft(demo, folder)
})

test('the audience of the demo goes on, and the demo says why it ended where the service ends by itself', async t => {
  const { demo, folder } = await started(t, SMALL)
  const plays = async () => (await json<{ plays: number }>(await fetch(`${demo.url}/api/stats/overview`))).plays
  await until(async () => (await plays()) > demo.history.plays)
  process.kill(demo.pid, 'SIGKILL')
  assert.match(await demo.ended, /^the service ended with SIGKILL:\n.*listening at/)
  await demo.stop()
  await assertNothingLeft(demo, folder)
})

test('a demo that is given up while it starts leaves nothing behind', async t => {
  const giveUp = new AbortController()
  const onDay = (done: number) => done > 3 && giveUp.abort(new Error('given up'))
  const { starting, folder } = await starts(t, { ...SMALL, live: false, signal: giveUp.signal, onDay })
  await assert.rejects(starting, /given up/)
  assert.deepEqual(await readdir(folder), [])
})

test('the audience is the same for the same moment, and later that day only the last days differ a little', () => {
  const historyAt = (now: number) =>
    new Simulation({ now, historyDays: 8, eventsPerDay: 150 })
      .history(() => {})
      .map(({ payload }) => JSON.stringify(payload))
      .toArray()
  const first = historyAt(NOW)
  assert.deepEqual(historyAt(NOW), first)
  const later = new Set(historyAt(NOW + 3_600_000))
  const gone = first.filter(event => !later.has(event))
  // Those of the last hour, and those that are rejected.
  assert.ok(gone.length > 0 && gone.length < 250, String(gone.length))
})

/** Starts a demo that makes its folder in one of the test, and ends with the test. */
async function started(t: TestContext, options: DemoOptions): Promise<{ demo: Demo; folder: string }> {
  const { starting, folder } = await starts(t, options)
  const demo = await starting
  t.after(() => demo.stop())
  return { demo, folder }
}

async function starts(t: TestContext, options: DemoOptions) {
  const folder = await temporaryFolder(t)
  const { TMPDIR } = process.env
  process.env.TMPDIR = folder
  t.after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  })
  return { starting: startDemo(options), folder }
}

async function assertNothingLeft({ url, catalogueUrl, pid }: Demo, folder: string): Promise<void> {
  assert.deepEqual(await readdir(folder), [])
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  for (const closed of [url, catalogueUrl]) await assert.rejects(fetch(closed), /fetch failed/)
}
