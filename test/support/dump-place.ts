/** A folder with a dump, versions and stores, for `mongoexport` and `mongoimport` as an operator uses them. */

import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type CatalogueRecord, type NamedRecord, writeRecords } from '../../src/catalogue/catalogue-record.ts'
import { type IngestedEvent, toLogEntry } from '../../src/events/event.ts'
import { wholeNumber } from '../../src/events/exact-json.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { type OpenStore, openStore } from '../../src/opening/open-store.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { artistKpis } from '../../src/statistics/artist-kpis.ts'
import { EligiblePlays } from '../../src/statistics/eligible-plays.ts'
import { trending } from '../../src/statistics/trending.ts'
import { unattributed } from '../../src/statistics/unattributed.ts'
import { CATALOGUE_RECORDS } from '../../src/storage/collections.ts'
import type { MongoServer } from '../mongo-servers/servers.ts'
import { sampleEvents } from './arrived-events.ts'
import { noneSetAside } from './none-set-aside.ts'
import { ref } from './ref.ts'
import { runCliWith, temporaryFolder } from './service-process.ts'

export const ALBUM = '65f000000000000000000001'
const NOW = Date.parse('2026-11-24T12:00:00Z')
const DAY_MS = 86_400_000
const SETTINGS = { defaultCurrency: 'EUR', now: NOW }

const TAUGHT = new Map<NamedRecord[0], CatalogueRecord>([
  [
    ref(`album:${ALBUM}`),
    {
      ...{ kind: 'album', at: 5, missing: false, artistId: '9', name: 'DJ Beats', genre: 'Rock' },
      ...{ title: 'Night Drive', releaseDate: '2026-03-01', releaseYear: 2026, tracks: [{ id: '2', title: 'Two' }] },
    },
  ],
  [ref('artist:9'), { kind: 'artist', at: 5, name: 'DJ Beats', genre: null }],
  [ref('artist:65f0000000000000000000a9'), { kind: 'alias', at: 5, artistId: '9' }],
])

const NUMBERS = ['9007199254740993', '-9223372036854775809']

/** Events with ids of all kinds, and with numbers that neither a double nor 64 bits hold. The same at each call. */
export const eventsOfAllKinds = (): IngestedEvent[] =>
  sampleEvents(300).map(({ event, decision }, i) => {
    const eventId = i % 3 === 0 ? `e${i}` : i % 3 === 1 ? i.toString(16).padStart(24, '0') : String(i)
    const metadata = i % 5 === 0 ? { ...event.metadata, sizes: NUMBERS.map(wholeNumber) } : event.metadata
    return { event: { ...event, eventId, ...(metadata && { metadata }) }, decision }
  })

export class Place {
  readonly folder: string
  readonly dump: string
  readonly config: string
  server: MongoServer | undefined

  constructor(folder: string) {
    this.folder = folder
    this.dump = join(folder, 'dump')
    this.config = join(folder, 'config')
  }

  static async make(t: TestContext): Promise<Place> {
    const place = new Place(await temporaryFolder(t))
    await mkdir(place.dump)
    return place
  }

  /** A store is embedded, unless its name is that of one on the server. */
  settings(store: string): NodeJS.ProcessEnv {
    const dataDir = { DATA_DIR: join(this.folder, store) }
    return this.server && store.startsWith('mongo')
      ? { ...dataDir, MONGO_URI: this.server.uri, DB_NAME: store }
      : dataDir
  }

  run(command: 'mongoimport' | 'mongoexport', store: string, ...more: string[]) {
    return runCliWith(this.settings(store), command, this.dump, '--config', this.config, ...more)
  }

  open(store: string): Promise<OpenStore> {
    return openStore(loadConfig(this.settings(store)), () => {})
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeFile(join(this.dump, name), content)
  }

  read = async (name: string): Promise<Record<string, unknown>[]> =>
    JSON.parse(await readFile(join(this.dump, name), 'utf8')) as Record<string, unknown>[]

  version = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(this.config, name), 'utf8'))

  async fill(store: string, events: readonly IngestedEvent[]): Promise<void> {
    const { storage, figures, close } = await this.open(store)
    await storage.append(events.map(toLogEntry))
    await writeRecords(storage.documents, [...TAUGHT])
    await catchUp(storage, figures, noneSetAside)
    await close()
  }

  /** All that is asked of a store, and what the catalogue taught it. */
  async answers(store: string): Promise<unknown> {
    const { storage, figures, close } = await this.open(store)
    const facts = await storage.documentsSince(CATALOGUE_RECORDS, 0, 1_000)
    const answers = await figures.ask(async reads => {
      const kpis = []
      for (const artistId of ['4', '9', '10', 'ar1', 'DJ Beats', 'ana']) {
        kpis.push(await artistKpis(reads, { artistId }, SETTINGS))
      }
      const rankings = []
      for (const kind of ['tracks', 'albums', 'artists'] as const) {
        // Random events are around some dates, so that a year from either of two finds most of them.
        for (const now of [NOW, NOW - 250 * DAY_MS]) {
          rankings.push(
            await trending(reads, { kind, period: 'year', limit: 50 }, { now, eligible: new EligiblePlays(50) }),
          )
        }
      }
      assert.ok(rankings.flat().length > 10)
      return { kpis, rankings, unattributed: await unattributed(reads, { limit: 100 }) }
    })
    await close()
    return { ...answers, facts: facts.map(({ id, group, value }) => ({ id, group, value })) }
  }

  async kpis(store: string, artistId: string) {
    const { storage, figures, close } = await this.open(store)
    const answer = await figures.ask(reads => artistKpis(reads, { artistId }, SETTINGS))
    const logged = await storage.lastSeq()
    const quiet = await storage.documents.get('alerts-state', 'quiet-until')
    await close()
    return { ...answer, logged, quiet: quiet === null ? null : Number(quiet.value) }
  }
}
