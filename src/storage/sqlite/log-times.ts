/**
 * Which events of the log fall into which quarter of an hour: a set of `seq` for each quarter of each day, kept in pages
 * as all other sets are. An ordinary index would take seven times the space and slow down a shuffled back-fill.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Instant, type Interval, PROJECTABLE, QUARTER_MS, type Seq, type StoredEntry } from '../storage.ts'
import { CollectedCells } from './collected-cells.ts'
import { COLUMNS, toEntry } from './event-log.ts'
import {
  cellAddress,
  FIELDS_PER_PAGE,
  fieldOf,
  KEYS_PER_PAGE,
  mergePage,
  type PageChanges,
  PageReader,
  slotOf,
} from './page.ts'
import { PageTable, pageGroup, placeId, placeOf } from './page-table.ts'
import { type ChangedPages, PageCollector } from './sqlite-round.ts'
import { DayCursor } from './time-buckets.ts'

export const LOG_TIMES = 'log_times'
const NOTHING = new Uint8Array(0)
const NO_MAXIMA: ReadonlySet<number> = new Set()

export function createLogTimes(database: DatabaseSync): void {
  PageTable.create(database, LOG_TIMES)
}

export class LogTimesCollector {
  #pages: PageTable
  #times: StatementSync

  constructor(database: DatabaseSync) {
    this.#pages = new PageTable(database, LOG_TIMES)
    this.#times = database.prepare('SELECT seq, at FROM events WHERE seq > ? AND seq <= ? AND at >= ? AND at < ?')
  }

  /** The pages with the entries after `after` up to `upTo` added; those beyond `PROJECTABLE` belong to no page. */
  pages(after: Seq, upTo: Seq): ChangedPages {
    const cursor = new DayCursor()
    const cells = new CollectedCells()
    const numbers = new Map<number, number>()
    for (const row of this.#times.iterate(after, upTo, PROJECTABLE.from, PROJECTABLE.to)) {
      const { seq, at } = row as { seq: Seq; at: Instant }
      cursor.moveTo(at)
      const place = placeId(cursor.bucket, pageGroup(cursor.minor, seq))
      const number = numbers.get(place) ?? numbers.size
      numbers.set(place, number)
      cells.push(number, cellAddress(cursor.minor, seq % FIELDS_PER_PAGE, 0), 1)
    }
    const changes = cells.byPage(numbers.size)
    const merged = new PageCollector(LOG_TIMES)
    for (const [place, number] of [...numbers].sort(([a], [b]) => a - b)) {
      const page = this.#pages.get(place) ?? NOTHING
      merged.add(place, mergePage(page, changes[number] as PageChanges, false, NO_MAXIMA))
    }
    return merged.take()
  }
}

export class LogTimes {
  #pages: PageTable
  #between: StatementSync

  constructor(database: DatabaseSync) {
    this.#pages = new PageTable(database, LOG_TIMES)
    this.#between = database.prepare(
      `SELECT ${COLUMNS} FROM events WHERE seq BETWEEN ? AND ? AND at >= ? AND at < ? ORDER BY seq`,
    )
  }

  /** The events of the interval, to the millisecond, quarter by quarter; within a quarter by `seq`. */
  *between({ from, to }: Interval): Generator<StoredEntry> {
    const cursor = new DayCursor()
    for (let quarter = Math.floor(from / QUARTER_MS); quarter * QUARTER_MS < to; quarter++) {
      cursor.moveTo(quarter * QUARTER_MS)
      for (const [first, last] of this.#runs(cursor.bucket, cursor.minor)) {
        for (const row of this.#between.iterate(first, last, from, to)) yield toEntry(row)
      }
    }
  }

  /** The entries of a quarter of a day, as runs of consecutive `seq`. */
  #runs(day: number, quarter: number): [Seq, Seq][] {
    const runs: [Seq, Seq][] = []
    const slot = quarter % KEYS_PER_PAGE
    for (const page of this.#pages.blocks([day], [Math.floor(quarter / KEYS_PER_PAGE)])) {
      const firstSeq = placeOf(page.id).chunk * FIELDS_PER_PAGE
      for (const reader = new PageReader(page.cells, false); reader.next(); ) {
        if (slotOf(reader.address) !== slot) continue
        const seq = firstSeq + fieldOf(reader.address)
        const last = runs.at(-1)
        if (last && last[1] === seq - 1) last[1] = seq
        else runs.push([seq, seq])
      }
    }
    return runs
  }
}
