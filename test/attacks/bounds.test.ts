/** Events that hold as much as they can: refused beyond the bounds, counted within them, and never more memory. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'
import { withstand } from '../support/under-attack.ts'

const HUNDRED = Array.from({ length: 100 }, (_, i) => `of-bomb-${i}`)
const HIGHEST = { price: 10_000_000_000, currency: 'EUR' }

interface Answer {
  accepted: number
  rejected: number
  results: { code?: string }[]
}

const order = (metadata: object) => ({
  eventType: 'order.paid',
  timestamp: '2026-11-24T10:00:00Z',
  entityType: 'order',
  entityId: 'o',
  metadata,
})

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

/** An object of `levels` objects in each other, as text. */
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

/** Sends a batch, again where it is not taken now. */
async function send({ url }: ServiceProcess, events: string): Promise<Answer> {
  for (;;) {
    const answer = await fetch(`${url}/api/stats/events/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: events,
    })
    const body = (await answer.json()) as Answer
    if (answer.status === 200) return body
    assert.equal(answer.status, 503)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

async function started(t: TestContext, dataDir: string): Promise<ServiceProcess> {
  return startService(t, { dataDir, env: { MONGO_URI: '' } })
}

async function kpis({ url }: ServiceProcess, artistId: string): Promise<string> {
  return (await fetch(`${url}/api/stats/artist/${artistId}/kpis`)).text()
}

test('events beyond the bounds are refused, those at the bounds are counted', async t => {
  const service = await started(t, join(await temporaryFolder(t), 'data'))
  const batch = (events: object[]) => send(service, JSON.stringify(events))
  await withstand(t, service, async () => {
    const bombs = await batch(times(1000, order({ items: times(1000, {}) })))
    assert.deepEqual([bombs.rejected, bombs.results[0]?.code], [1000, 'too_many'])
    const crowds = await batch(times(300, order({ artistIds: HUNDRED, items: times(6, {}) })))
    assert.deepEqual([crowds.rejected, crowds.results[0]?.code], [300, 'too_many_credits'])
    const full = await batch(times(200, order({ artistIds: HUNDRED, items: times(5, {}) })))
    assert.equal(full.accepted, 200)
    const fat = await batch(times(100, order({ artistId: 'fat', note: 'x'.repeat(60_000) })))
    assert.equal(fat.accepted, 100)
    const deep = [20, 21, 10_000].map(levels => JSON.stringify(order({ x: 0 })).replace('{"x":0}', nested(levels)))
    const { accepted, rejected } = await send(service, `[${deep}]`)
    assert.deepEqual([accepted, rejected], [1, 2])
    const dear = await batch([order({ items: times(2, HIGHEST) })])
    assert.equal(dear.results[0]?.code, 'price_too_large')
    await service.projected()
  })
  assert.equal(JSON.parse(await kpis(service, 'of-bomb-0')).purchases, 1000)
  assert.equal(JSON.parse(await kpis(service, 'fat')).purchases, 100)
})

test('ten thousand orders of the highest price have an exact sum', async t => {
  const service = await started(t, join(await temporaryFolder(t), 'data'))
  await withstand(t, service, async () => {
    const orders = times(9_999, order({ artistId: 'rich', ...HIGHEST }))
    const cent = order({ artistId: 'rich', price: '0.01' })
    assert.equal((await send(service, JSON.stringify([...orders, cent]))).accepted, 10_000)
    await service.projected()
  })
  assert.match(
    await kpis(service, 'rich'),
    /"revenue":99990000000000.01,"revenueByCurrency":\{"EUR":99990000000000.01\}/,
  )
})
