import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/support/query-store.ts'
import type { CatalogueRecord } from '../catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../events/event.ts'
import { unlistedArtists, unlistedOf } from './unlisted-artists.ts'

const id = (digit: string) => digit.repeat(24)

function follow(entityId: string, timestamp: number): IngestedEvent {
  const event = { eventType: 'artist.followed' as const, entityType: 'artist', entityId, timestamp, eventId: entityId }
  return { event, decision: { currency: 'EUR' } }
}

test("ids that look like an artist's and have no catalogue record are unlisted, those with the latest event first", async () => {
  const events = [follow(id('a'), 0), follow(id('b'), 2), follow(id('c'), 1), follow('4', 3), follow('ana', 4)]
  const facts = new Map<string, CatalogueRecord>([[`artist:${id('a')}`, { kind: 'alias', at: 0, artistId: '4' }]])
  const ask = async (limit: number) => {
    let found: string[] = []
    await withEvents(
      events,
      1,
      async figures => {
        found = await figures.ask(reads => unlistedArtists(reads, limit))
        const unlisted = await figures.ask(reads => unlistedOf(reads, [id('a'), id('d'), '4', 'ana']))
        assert.deepEqual(unlisted, [id('d')])
      },
      facts,
    )
    return found
  }
  assert.deepEqual(await ask(10), [id('b'), id('c')])
  assert.deepEqual(await ask(1), [id('b')])
})
