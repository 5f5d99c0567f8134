/** Figures that are damaged on disk while the service runs: nobody is told what they say, and they are made again. */
import assert from 'node:assert/strict'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { deliver } from '../support/delivery.ts'
import { until } from '../support/http.ts'
import { artistOf, assertCountedOnce, knownEventsUpTo } from '../support/known-events.ts'
import { ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'

const EVENTS = 200_000
const BATCH = 5_000
const PAGE = 4_096
const QUESTIONS = ['stats/trending?period=year', 'stats/unattributed', ...Array.from({ length: 40 }, (_, i) => kpis(i))]

test('makes figures again that are damaged while it runs', async (t: TestContext) => {
  const dataDir = await temporaryFolder(t)
  const first = await ServiceProcess.start({ dataDir })
  t.after(() => first.end('SIGKILL'))
  const events = knownEventsUpTo(EVENTS, 'damage', 10)
  for (let i = 0; i < EVENTS; i += BATCH) await deliver(first.url, events.slice(i, i + BATCH), 'json')
  await first.projected()
  // Else the next start would read all figures for the search, and have them in memory when they are damaged.
  await until(() => isSearched(first.url))
  assert.deepEqual(await first.end('SIGTERM'), { code: 0, signal: null })

  // Started anew, it has read next to nothing of them yet.
  const lines: string[] = []
  const service = await startService(t, { dataDir, onLine: line => lines.push(line) })
  await damage(join(dataDir, 'figures.duckdb'))
  const refused = await askUntilRefused(service.url)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  assert.match(await refused.text(), /figures are not complete yet/)
  const ready = await fetch(`${service.url}/readyz`)
  assert.equal(ready.status, 503)
  assert.match(await ready.text(), /starting: \d+ % of the events are counted/)
  assert.equal((await fetch(`${service.url}/livez`)).status, 200)
  // What comes meanwhile is taken.
  const later = knownEventsUpTo(BATCH, 'later', 11)
  await deliver(service.url, later, 'json')

  await until(async () => (await fetch(`${service.url}/readyz`)).ok)
  await service.projected()
  await assertCountedOnce(service.url, [...events, ...later])
  assert.ok(
    lines.some(line => /made again from the event log/.test(line)),
    lines.join('\n'),
  )
  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
})

/** Whether the search knows all plays: those of an artist are the ones of its KPIs. */
async function isSearched(url: string): Promise<boolean> {
  const artist = artistOf(0)
  const get = async (path: string) => (await fetch(`${url}/api/stats/${path}`)).json()
  const { items } = (await get(`search?q=${artist}&kind=artist`)) as { items: { id: string; plays: number }[] }
  const { plays } = (await get(`artist/${artist}/kpis`)) as { plays: number }
  return items.some(item => item.id === artist && item.plays === plays)
}

/** Asks for all that there is; the first answer that is none. */
async function askUntilRefused(url: string): Promise<Response> {
  for (const end = Date.now() + 20_000; Date.now() < end; await wait(100)) {
    for (const question of QUESTIONS) {
      const response = await fetch(`${url}/api/${question}`)
      if (response.status === 503) return response
      const answer = await response.text()
      assert.equal(response.status, 200, answer)
    }
  }
  return assert.fail('nobody noticed the damage')
}

function kpis(artist: number): string {
  return `stats/artist/${artistOf(artist)}/kpis?interval=day`
}

/** Changes a byte of each page of the middle half of a file. */
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  const byte = new Uint8Array(1)
  for (let at = Math.floor(size / 4); at < (3 * size) / 4; at += PAGE) {
    await file.read(byte, 0, 1, at)
    byte[0]! ^= 0xff
    await file.write(byte, 0, 1, at)
  }
  await file.close()
}
