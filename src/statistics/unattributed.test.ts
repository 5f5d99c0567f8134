import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { unattributed } from './unattributed.ts'

const play = (metadata: NonNullable<Told['metadata']>): Told => ({ metadata })
const order: Told = { eventType: 'order.paid', entityType: 'order', entityId: '1764000000000' }

const told = [play({ artist: 'Ana' }), play({ artist: 'ANA' }), play({ artist: 'Ana' }), play({ albumId: 'a' })].concat(
  [order, order],
  [play({ artistId: '4' }), play({ albumId: 'b', artistId: '5' }), play({ albumId: 'b' })],
)

const page = (limit: number, cursor?: string) => answerOf(told, reads => unattributed(reads, { limit, cursor }))

test('unattributed keys are listed with their counts, most first', async () => {
  const { items, nextCursor } = await page(10)
  assert.equal(nextCursor, null)
  assert.deepEqual(items[0], {
    subject: 'name:ana',
    kind: 'name',
    id: 'ana',
    name: 'Ana',
    plays: 3,
    likes: 0,
    follows: 0,
    purchases: 0,
    total: 3,
    lastEventAt: '2026-11-24T10:00:00.000Z',
  })
  assert.deepEqual(
    items.map(({ subject, kind, id, total }) => [subject, kind, id, total]),
    [
      ['name:ana', 'name', 'ana', 3],
      ['none', 'none', null, 2],
      ['album:a', 'album', 'a', 1],
    ],
  )
})

test('unattributed keys come in pages', async () => {
  const first = await page(2)
  assert.deepEqual(
    first.items.map(({ subject }) => subject),
    ['name:ana', 'none'],
  )
  const second = await page(2, first.nextCursor ?? '')
  assert.deepEqual(
    second.items.map(({ subject }) => subject),
    ['album:a'],
  )
  assert.equal(second.nextCursor, null)
})

test('a cursor of another list is refused', async () => {
  for (const cursor of ['!', 'bnVsbA', Buffer.from('[1]').toString('base64url')]) {
    await assert.rejects(page(2, cursor), { status: 400, code: 'cursor_invalid' })
  }
})
