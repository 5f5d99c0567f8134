/** Clients, and a catalogue, that have the service work for nothing. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { flood, getFrom } from '../support/flood.ts'
import { HOSTILITIES, hostileCatalogue } from '../support/hostile-catalogue.ts'
import { json, postBatch } from '../support/http.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'
import { withstand } from '../support/under-attack.ts'

const ATTACKER = '127.0.0.1'
const BYSTANDER = '127.0.0.3'

async function start(t: TestContext, env: NodeJS.ProcessEnv = {}) {
  const log = { bytes: 0, lines: 0 }
  const onLine = (line: string) => {
    log.bytes += line.length + 1
    log.lines++
  }
  const dataDir = await temporaryFolder(t)
  const service = await startService(t, { dataDir, env: { ...env }, onLine })
  return { service, log }
}

const sum = (statuses: ReadonlyMap<number, number>) => [...statuses.values()].reduce((all, count) => all + count, 0)

/** Numbers that nobody has had before. */
let lastNumber = 0
const fresh = () => ++lastNumber

const plays = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    eventType: 'track.played',
    timestamp: new Date(Date.now() - i * 60_000).toISOString(),
    userId: `u${i % 500}`,
    entityType: 'track',
    entityId: String(i % 10),
    metadata: { albumId: `a${i % 300}`, artistId: String(i % 50), genre: `g${i % 20}` },
  }))

test('documents and probes, over and over', async t => {
  const { service } = await start(t)
  const paths = ['/api/openapi.yaml', '/api/docs/static/swagger-ui-bundle.js', '/', '/healthz', '/metrics', '/readyz']
  await withstand(t, service, async () => {
    const headers = { 'accept-encoding': 'br' }
    const path = () => paths[fresh() % paths.length]!
    const statuses = await flood({ port: service.port, address: ATTACKER, connections: 64, seconds: 4, path, headers })
    assert.deepEqual([...statuses.keys()], [200])
    t.diagnostic(`${sum(statuses)} documents and probes`)
  })
})

test('refused requests of all kinds leave few lines in the log, and no path that a client made up', async t => {
  const { service, log } = await start(t, { RATE_LIMIT_DEFAULT: '3000/second', INGEST_API_KEYS: 'x'.repeat(16) })
  const paths = [
    () => `/anna@example.org/${fresh()}`,
    () => `/api/stats/trending?period=${fresh()}`,
    () => '/api/stats/artist/4/kpis?interval=never',
    () => '/api/stats/events',
    () => '/%zz',
  ]
  const before = log.bytes
  const begun = performance.now()
  const attack = async () => {
    const path = () => paths[fresh() % paths.length]!()
    const statuses = await flood({ port: service.port, address: ATTACKER, connections: 64, seconds: 4, path })
    assert.ok(sum(statuses) > 1000 && !statuses.has(200))
    t.diagnostic(`refused: ${JSON.stringify([...statuses])}`)
  }
  await withstand(t, service, attack, { 'x-api-key': 'x'.repeat(16) })
  const seconds = (performance.now() - begun) / 1000
  t.diagnostic(`${log.bytes - before} bytes of log in ${seconds.toFixed(1)} s`)
  assert.ok(log.bytes - before <= 2_500 * (seconds + 1))
})

/** A catalogue that has no album of any genre, and says how often it was asked for one. */
async function emptyCatalogue(t: TestContext) {
  let asked = 0
  const server = createServer((request, response) => {
    if (request.url?.includes('genre=')) asked++
    const isList = /^\/api\/(albums\?|artists$)/.test(request.url ?? '')
    response.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' }).end('[]')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close().closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

test('genres and listeners that nobody knows', async t => {
  const catalogue = await emptyCatalogue(t)
  const { service } = await start(t, { CONTENT_SERVICE_URL: catalogue.url })
  await postBatch(service.url, plays(2000))
  await service.projected()
  const misses = async () => (await json<{ misses: number }>(await fetch(`${service.url}/api/stats/cache/info`))).misses
  const askForRanking = async () => assert.equal(await getFrom(BYSTANDER, service.port, '/api/stats/trending'), 200)
  await askForRanking()
  const paths = [
    () => `/api/recommendations/similar?genre=made-up-${fresh()}`,
    () => `/api/stats/trending?genre=made-up-${fresh()}`,
    () => `/api/recommendations/user/made-up-${fresh()}`,
  ]
  await withstand(t, service, async () => {
    const path = () => paths[fresh() % paths.length]!()
    const statuses = await flood({ port: service.port, address: ATTACKER, connections: 32, seconds: 5, path })
    t.diagnostic(`answers: ${JSON.stringify([...statuses])}`)
  })
  t.diagnostic(`the catalogue was asked for a genre ${catalogue.asked()} times`)
  assert.ok(catalogue.asked() <= 60)
  // The ranking is still there, and so is what the catalogue said of its rows.
  const before = await misses()
  await askForRanking()
  assert.equal(await misses(), before)
})

test('a catalogue that means harm', async t => {
  const catalogue = await hostileCatalogue(t)
  const env = { CONTENT_SERVICE_URL: catalogue.url, CONTENT_LOOKUPS_PER_MINUTE: '100000', CACHE_DEFAULT_TTL: '1' }
  const { service } = await start(t, env)
  await postBatch(service.url, plays(2000))
  await withstand(t, service, async () => {
    for (const [i, hostility] of HOSTILITIES.entries()) {
      catalogue.behave(hostility)
      // The look-ups ask by themselves for albums, and for the list of artists.
      const ask = () => getFrom(`127.0.1.${i + 1}`, service.port, `/api/recommendations/similar?genre=g${fresh()}`)
      await Promise.all([ask(), ask(), ask(), wait(500)])
      assert.equal(await getFrom(BYSTANDER, service.port, '/api/stats/artist/4/kpis'), 200)
    }
  })
  for (const hostility of HOSTILITIES) assert.ok(catalogue.asked(hostility) > 0, hostility)
})

test('heavy questions of one client leave the others their turn', async t => {
  const { service } = await start(t)
  for (let i = 0; i < 3; i++) await postBatch(service.url, plays(10_000))
  await service.projected()
  const paths = [
    () =>
      `/api/stats/artist/${fresh() % 50}/kpis?interval=day&tz=Europe/Madrid&startDate=2026-0${1 + (fresh() % 9)}-01`,
    () => `/api/stats/unattributed?limit=${1 + (fresh() % 100)}`,
    () => `/api/recommendations/user/u${fresh() % 500}`,
    () => `/api/stats/artist/${fresh() % 50}/kpis?startDate=2026-01-01&endDate=2026-0${1 + (fresh() % 9)}-28`,
  ]
  await withstand(t, service, async () => {
    const path = () => paths[fresh() % paths.length]!()
    const attack = flood({ port: service.port, address: ATTACKER, connections: 100, seconds: 5, path })
    await wait(500)
    const times: number[] = []
    for (const end = performance.now() + 4000; performance.now() < end; ) {
      const begun = performance.now()
      for (const question of ['kpis', 'kpis?interval=month']) {
        assert.equal(await getFrom(BYSTANDER, service.port, `/api/stats/artist/4/${question}`), 200)
      }
      times.push((performance.now() - begun) / 2)
    }
    t.diagnostic(`of the others ${times.length * 2} were answered, the slowest in ${Math.round(Math.max(...times))} ms`)
    t.diagnostic(`of the one client: ${JSON.stringify([...(await attack)])}`)
    assert.ok(Math.max(...times) < 2500)
  })
})
