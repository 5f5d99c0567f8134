/** A real store that holds given events, with its figures, for asking questions. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CatalogueRecord, writeRecords } from '../../src/catalogue/catalogue-record.ts'
import { type IngestedEvent, type StatsEvent, toLogEntry } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { openFigures } from '../../src/opening/open-figures.ts'
import { openStorage } from '../../src/opening/open-storage.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { COLLECTIONS } from '../../src/storage/collections.ts'
import type { Figures, Snapshot } from '../../src/storage/figures.ts'
import type { LogReader, Storage } from '../../src/storage/storage.ts'
import { noneSetAside } from './none-set-aside.ts'
import { ref } from './ref.ts'
import { storeSettings } from './store-in-use.ts'
import { SMALL } from './temp-store.ts'

/** Sends events in several batches, each projected before the next comes, some of the events twice. */
async function ingest(
  storage: Storage,
  figures: Figures,
  events: readonly IngestedEvent[],
  batches: number,
): Promise<void> {
  const size = Math.ceil(events.length / batches) || 1
  for (let i = 0; i < events.length; i += size) {
    const again = events.slice(Math.max(0, i - 3), i + 2)
    await storage.append([...events.slice(i, i + size), ...again].map(toLogEntry))
    await catchUp(storage, figures, noneSetAside)
  }
}

/** Runs `ask` on figures that hold the events and what the catalogue taught, with their store, and removes both. */
export async function withEvents(
  events: readonly IngestedEvent[],
  batches: number,
  ask: (figures: Figures, storage: Storage) => Promise<void>,
  facts: ReadonlyMap<string, CatalogueRecord> = new Map(),
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'undersounds-queries-'))
  const { mongo } = loadConfig({ ...(await storeSettings(directory)) })
  const location = { dataDir: directory, mongo }
  const storage = await openStorage(location, COLLECTIONS)
  const figures = await openFigures(location, SMALL, storage)
  try {
    await ingest(storage, figures, events, batches)
    await writeRecords(
      storage.documents,
      [...facts].map(([entity, record]) => [ref(entity), record]),
    )
    await catchUp(storage, figures, noneSetAside)
    await ask(figures, storage)
  } finally {
    await figures.close()
    await storage.close()
    await rm(directory, { recursive: true })
  }
}

export type Told = Partial<Omit<StatsEvent, 'timestamp'>> & { at?: string; skipped?: true }

/** The answer to one question about a few events: by default plays of track 1 on 2026-11-24T10:00Z. */
export async function answerOf<T>(
  told: readonly Told[],
  question: (reads: Snapshot, log: LogReader) => Promise<T>,
): Promise<T> {
  const events = told.map(
    ({ at = '2026-11-24T10:00:00Z', skipped, ...event }, i): IngestedEvent => ({
      event: {
        eventId: `e${i}`,
        eventType: 'track.played',
        entityType: 'track',
        entityId: '1',
        timestamp: Date.parse(at),
        ...event,
      },
      decision: skipped ? { skipped } : { currency: 'EUR' },
    }),
  )
  let answer: T | undefined
  await withEvents(events, 1, async (figures, log) => {
    answer = await figures.ask(reads => question(reads, log))
  })
  return answer as T
}
