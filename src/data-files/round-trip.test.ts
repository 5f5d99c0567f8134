/** What is exported is what was there, whatever it is. */

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { arrivedEvents } from '../../test/support/arrived-events.ts'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { openTempFigures } from '../../test/support/temp-store.ts'
import { type IngestedEvent, type Json, toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import { validateBoundedEvent } from '../ingestion/event-bounds.ts'
import { exportDump } from './export-dump.ts'
import { importDump, type Store } from './import-dump.ts'

const NOW = Date.parse('2027-01-01T00:00:00Z')
const SETTINGS = { defaultCurrency: 'CHF', now: NOW }

/** Values that look like what Extended JSON writes, as text and as they are. */
const kept = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('NaN', '9.990', '1E+1', '64b000000000000000000003', '2026-01-01T00:00:00Z', -0, 1e21, 0.1, ''),
)

/** Random events with fields that nothing reads, as far as the rules let them in. */
const events = fc.array(fc.tuple(arrivedEvents(6), kept, kept), { minLength: 5, maxLength: 10 }).map(groups =>
  groups.flatMap(([group, note, price], i) =>
    group.flatMap(({ event, decision }, j): IngestedEvent[] => {
      const metadata = { ...event.metadata, note: note as Json, details: { price: price as Json } }
      const sent = { ...event, eventId: `e${i}.${j}`, metadata }
      const context = { now: NOW, defaultCurrency: decision.currency ?? 'EUR', playMinSeconds: 0, newId: () => '' }
      const read = validateBoundedEvent(JSON.parse(JSON.stringify(sent)), context)
      return read.ok ? [{ event: read.event, decision: { ...decision, ...read.decision } }] : []
    }),
  ),
)

test('an empty store that imports an export exports the same, and an import changes nothing in the store of the export', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'undersounds-dump-'))
  after(() => rm(folder, { recursive: true }))
  const places = { folder: join(folder, 'dump'), configFolder: join(folder, 'config') }
  const exported = async (store: Store) => {
    const form = { ndjson: false, gzip: false }
    await exportDump(store, { ...places, form, settings: SETTINGS, force: true })
    return Promise.all(['events', 'artist_kpis'].map(name => readFile(join(places.folder, `${name}.json`), 'utf8')))
  }
  const imported = async (store: Store) => {
    const settings = { defaultCurrency: 'EUR', playMinSeconds: 30 }
    const report = await importDump(store, { ...places, settings, deadLetterMax: 10, clock: () => NOW })
    const { accepted, duplicates, letters } = report.events
    assert.deepEqual(letters.kept.first, [])
    return { accepted, duplicates }
  }
  await fc.assert(
    fc.asyncProperty(events, async ingested => {
      const [from, to] = [await openTempFigures(), await openTempFigures()]
      await from.storage.append(ingested.map(toLogEntry))
      await catchUp(from.storage, from.figures, noneSetAside)
      const dump = await exported(from)
      assert.deepEqual(await imported(to), { accepted: ingested.length, duplicates: 0 })
      assert.deepEqual(await imported(from), { accepted: 0, duplicates: ingested.length })
      assert.deepEqual(await exported(to), dump)
    }),
    { numRuns: 8 },
  )
})
