/** The write worker without a thread, on the real store. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as yieldThread } from 'node:timers/promises'
import { openTempStore } from '../../test/support/temp-store.ts'
import { writeRecords } from '../catalogue/catalogue-record.ts'
import { LAG_MAX } from '../facts/lag.ts'
import { artistRef } from '../identity/entity-ref.ts'
import type { LogEntry } from '../storage/storage.ts'
import { toColumns } from './entry-columns.ts'
import { WriteWorker } from './write-worker.ts'

const entries = (count: number, prefix = 'e'): LogEntry[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${prefix}${i}`, timestamp: 0, content: '[]', decision: '' }))

function setUp() {
  const calls: string[] = []
  const worker = new WriteWorker(openTempStore(), {
    deadLetterMax: 1,
    figures: {
      onAppended: lastSeq => calls.push(`appended ${lastSeq}`),
      onRecordsChanged: () => calls.push('records changed'),
    },
    owner: { onLettersDropped: count => calls.push(`dropped ${count}`) },
  })
  return { worker, calls }
}

test('tells the figures how far the log has grown, and what the owner has to know', async () => {
  const { worker, calls } = setUp()
  await worker.start()
  assert.deepEqual(await worker.append(toColumns([...entries(2), ...entries(1)])), [
    'accepted',
    'accepted',
    'duplicate',
  ])
  await writeRecords(worker, [[artistRef('4'), { kind: 'artist', at: 5, name: 'DJ Beats', genre: null }]])
  const fault = { path: 'content', code: 'unprojectable', message: 'cannot be read' } as const
  await worker.forFigures.keepSetAside(entries(2).map((entry, i) => ({ entry: { ...entry, seq: i + 1 }, fault })))
  assert.deepEqual(calls, ['appended 0', 'appended 2', 'records changed', 'dropped 1'])
  assert.equal(await worker.forFigures.lastSeqOfAll(), 2)
})

test('appends wait while the figures are too far behind, until they are counted or cannot be written', async () => {
  const { worker } = setUp()
  await worker.append(toColumns(entries(LAG_MAX + 1)))
  assert.equal(worker.status().lag.events, LAG_MAX + 1)
  const ends: (() => void)[] = [
    () => worker.forFigures.onCounted(LAG_MAX + 1),
    () => worker.forFigures.onFiguresUnavailable(),
  ]
  for (const [i, end] of ends.entries()) {
    let isAppended = false
    const appended = worker.append(toColumns(entries(LAG_MAX + 1, `${i}-`))).then(() => {
      isAppended = true
    })
    await yieldThread()
    assert.equal(isAppended, false)
    end()
    await appended
  }
})
