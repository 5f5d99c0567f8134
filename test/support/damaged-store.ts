/** Stores whose files have flipped bytes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { toLogEntry } from '../../src/events/event.ts'
import { openEmbedded } from '../../src/opening/open-storage.ts'
import type { LogEntry } from '../../src/storage/storage.ts'

/** A folder that is removed when it goes out of scope. */
export class TempFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'damaged-store-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Plays of two artists, with both kinds of ids. */
export function plays(count: number): LogEntry[] {
  return Array.from({ length: count }, (_, i) =>
    toLogEntry({
      event: {
        eventId: i % 2 ? `event-${i}` : `0190b5c2-1234-7abc-8def-${String(i).padStart(12, '0')}`,
        eventType: 'track.played',
        timestamp: Date.UTC(2026, 10, 24) + i * 60_000,
        entityId: String(1 + (i % 7)),
        entityType: 'track',
        userId: `listener-${i % 40}`,
        metadata: { albumId: `album-${i % 11}`, artistId: String(4 + (i % 2)), title: `Title ${i}` },
      },
      decision: i % 5 ? {} : { currency: 'EUR' },
    }),
  )
}

/** Makes a store of these entries and some documents, stopped in good order. */
export async function makeStore(folder: string, entries: readonly LogEntry[], documents = 100): Promise<void> {
  const storage = openEmbedded(folder)
  for (let i = 0; i < entries.length; i += 500) await storage.append(entries.slice(i, i + 500))
  const letters = Array.from({ length: documents }, (_, i) => ({
    id: `d${i}`,
    group: `g${i % 3}`,
    value: `{"n":${i}}`,
  }))
  await storage.documents.put('letters', letters, 1_000)
  await storage.close()
}

export const storeFile = (folder: string): string => join(folder, 'undersounds-stats.db')

/** Changes the bytes of the store's file. */
export function changeBytes(folder: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(storeFile(folder))
  change(bytes)
  writeFileSync(storeFile(folder), bytes)
}

/** Changes the first byte of each place where the file holds the text. */
export function flipText(folder: string, text: string): void {
  changeBytes(folder, bytes => {
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes[at] = bytes[at]! ^ 1
  })
}

/** Makes the page of the log malformed that holds the entry with this text. Others have only remains of what moved. */
export function spoilPage(folder: string, text: string): void {
  changeBytes(folder, bytes => {
    const pages = Array.from({ length: bytes.length / 4096 }, (_, i) => bytes.subarray(i * 4096, (i + 1) * 4096))
    const entriesOn = (page: Buffer) => page.toString('latin1').split('track.played').length
    const [page] = pages.filter(each => each.includes(text)).sort((a, b) => entriesOn(b) - entriesOn(a))
    page!.fill(0xff, 0, 8)
  })
}

/** Runs SQL on the closed store. */
export function inStore<T>(folder: string, work: (database: DatabaseSync) => T): T {
  using database = new DatabaseSync(storeFile(folder))
  return work(database)
}
