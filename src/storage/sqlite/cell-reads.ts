/** The reads on the cells of one table, each in the state of the database at that moment. */
import type { DatabaseSync } from 'node:sqlite'
import { ALWAYS, type Cell, type Instant, type Interval, QUARTER_MS, type TableSpec, type Totals } from '../storage.ts'
import { Dictionary } from './dictionary.ts'
import { batches, type Cells, type IntervalPiece, WantedKeys } from './key-reads.ts'
import { FIELDS_PER_PAGE, fieldOf, KEYS_PER_PAGE, minorOf, PageReader, slotOf } from './page.ts'
import { type Level, levelsOf, type Page, PageTable, placeOf, tableName } from './page-table.ts'
import { bucketStart, DAY_MS, dayOf, type Month, monthAt, monthOf, pieces } from './time-buckets.ts'

export class CellTable {
  #keys: Dictionary
  #fields: Dictionary
  #spec: TableSpec
  #levels: Map<Level, PageTable>

  constructor(database: DatabaseSync, spec: TableSpec) {
    this.#spec = spec
    this.#keys = new Dictionary(database, spec.keys)
    this.#fields = new Dictionary(database, spec.fields)
    this.#levels = new Map(levelsOf(spec).map(level => [level, new PageTable(database, tableName(spec, level))]))
  }

  sums(keys: readonly string[], intervals: readonly Interval[]): Map<string, number>[] {
    const maxima = this.#maxima()
    const sums = intervals.map(() => new Map<number, number>())
    this.#visit(keys, intervals, interval => {
      const own = sums[interval] as Map<number, number>
      return (_key, field, value, start) => addTo(own, field, value, start, maxima)
    })
    return this.#named(sums)
  }

  distinct(keys: readonly string[], intervals: readonly Interval[], also: readonly ReadonlySet<string>[]): number[] {
    // The last interval (counted from 1) in which a member was seen, so that one array serves all intervals.
    const seenIn = new Int32Array(this.#fields.size())
    const counts = new Float64Array(intervals.length)
    const see = (member: number, interval: number) => {
      if (seenIn[member] === interval + 1) return
      seenIn[member] = interval + 1
      counts[interval] = (counts[interval] as number) + 1
    }
    this.#visit(keys, intervals, interval => {
      for (const text of also[interval] ?? []) {
        const member = this.#fields.idOf(text)
        if (member === undefined) counts[interval] = (counts[interval] as number) + 1
        else see(member, interval)
      }
      return (_key, member) => see(member, interval)
    })
    return [...counts]
  }

  rows(keys: readonly string[]): Map<string, number>[] {
    const maxima = this.#maxima()
    const rows = keys.map(() => new Map<number, number>())
    this.#visit(keys, [ALWAYS], () => (key, field, value, start) => {
      addTo(rows[key] as Map<number, number>, field, value, start, maxima)
    })
    return this.#named(rows)
  }

  first(keys: readonly string[]): Instant | null {
    const wanted = new WantedKeys(keys, this.#keys)
    const table = this.#level('day')
    // Not the months that hold anything: a month that comes to nothing altogether may have something on its days.
    const months = new Set(table.buckets().map(day => monthOf(day * DAY_MS)))
    for (const { from, to } of [...months].map(monthAt)) {
      const days = Array.from({ length: dayOf(to) - dayOf(from) }, (_, i) => dayOf(from) + i)
      const cells = [...wanted.read('day', table, days, this.#valued).values()]
      const earliest = Math.min(...cells.map(({ starts }) => starts.reduce((a, b) => Math.min(a, b), Infinity)))
      if (earliest !== Number.POSITIVE_INFINITY) return earliest
    }
    return null
  }

  totals(
    { field, latest }: { field: string; latest: string },
    windows: readonly Interval[],
    among?: ReadonlySet<string>,
  ): Totals {
    const size = this.#keys.size()
    const fieldId = this.#fields.idOf(field) ?? -1
    const latestId = this.#fields.idOf(latest) ?? -1
    const asked = among && this.#flags(among, size)
    const sums = windows.map(() => new Float64Array(size))
    const lasts = windows.map(() => new Float64Array(size).fill(Number.NEGATIVE_INFINITY))
    const touched = new Uint8Array(size)
    const months = this.#months()
    for (const [w, window] of windows.entries()) {
      const sum = sums[w] as Float64Array
      const last = lasts[w] as Float64Array
      for (const { level, bucket, from, to } of pieces(window, months)) {
        for (const page of this.#level(level).bucket(bucket)) {
          visitPage(page, level, this.#valued, (key, id, value, start) => {
            if (start < from || start >= to || (asked && !asked[key])) return
            if (id === fieldId) sum[key] = (sum[key] as number) + value
            else if (id === latestId) last[key] = Math.max(last[key] as number, start + value)
            else return
            touched[key] = 1
          })
        }
      }
    }
    return new TotalsColumns(this.#keys, touched, sums, lasts)
  }

  *scan(): Generator<Cell> {
    const maxima = this.#maxima()
    for (const [level, table] of this.#levels) {
      for (const bucket of table.buckets()) {
        const cells: Cell[] = []
        const keys = remembering(this.#keys)
        const fields = remembering(this.#fields)
        for (const page of table.bucket(bucket)) {
          visitPage(page, level, this.#valued, (key, field, value, start) => {
            cells.push({
              level: level === 'day' ? 'quarter' : level,
              bucket: start,
              key: keys(key),
              field: fields(field),
              value: maxima.has(field) ? start + value : value,
            })
          })
        }
        yield* cells.sort(byTimeKeyField)
      }
    }
  }

  get #valued(): boolean {
    return this.#spec.kind === 'counters'
  }

  #level(level: Level): PageTable {
    const table = this.#levels.get(level)
    if (!table) throw new Error(`${this.#spec.name} has no time by ${level}`)
    return table
  }

  #months(): Month[] {
    return this.#level('month').buckets().map(monthAt)
  }

  #maxima(): Set<number> {
    return new Set(this.#spec.maxima.map(field => this.#fields.idOf(field) ?? -1))
  }

  /** Visits the cells of some keys, interval by interval; `enter` is called for each interval before its cells. */
  #visit(keys: readonly string[], intervals: readonly Interval[], enter: (interval: number) => Visit): void {
    const wanted = new WantedKeys(keys, this.#keys)
    let visit: Visit = () => {}
    let next = 0
    const enterUpTo = (interval: number) => {
      for (; next <= interval; next++) visit = enter(next)
    }
    for (const batch of batches(this.#piecesOf(intervals))) {
      const [first] = batch
      if (first && first.interval === batch.at(-1)?.interval) {
        enterUpTo(first.interval)
        this.#visitWhole(wanted, batch, visit)
        continue
      }
      const cells = this.#cellsOf(wanted, batch)
      for (const piece of batch) {
        enterUpTo(piece.interval)
        const found = cells.get(piece.level)?.get(piece.bucket)
        if (found) visitCells(found, piece, visit)
      }
    }
    enterUpTo(intervals.length - 1)
  }

  /** Pieces of one interval: each cell belongs to it or to nothing, so that none has to be held. */
  #visitWhole(wanted: WantedKeys, batch: readonly IntervalPiece[], visit: Visit): void {
    for (const [level, table] of this.#levels) {
      const limits = new Map(batch.filter(piece => piece.level === level).map(piece => [piece.bucket, piece]))
      if (limits.size === 0) continue
      let piece: IntervalPiece | undefined
      wanted.visit(level, table, [...limits.keys()], this.#valued, (bucket, key, field, value, start) => {
        if (piece === undefined || piece.bucket !== bucket) piece = limits.get(bucket) as IntervalPiece
        if (start >= piece.from && start < piece.to) visit(key, field, value, start)
      })
    }
  }

  *#piecesOf(intervals: readonly Interval[]): Generator<IntervalPiece> {
    if (this.#levels.has('all')) {
      for (const interval of intervals.keys()) yield { level: 'all', bucket: 0, ...ALWAYS, interval }
      return
    }
    const months = this.#months()
    for (const [i, interval] of intervals.entries()) {
      for (const piece of pieces(interval, months)) yield { ...piece, interval: i }
    }
  }

  #cellsOf(wanted: WantedKeys, batch: readonly IntervalPiece[]): Map<Level, Map<number, Cells>> {
    const byLevel = new Map<Level, Map<number, Cells>>()
    for (const [level, table] of this.#levels) {
      const buckets = new Set(batch.filter(piece => piece.level === level).map(({ bucket }) => bucket))
      if (buckets.size > 0) byLevel.set(level, wanted.read(level, table, [...buckets], this.#valued))
    }
    return byLevel
  }

  #flags(keys: ReadonlySet<string>, size: number): Uint8Array {
    const flags = new Uint8Array(size)
    for (const key of keys) {
      const id = this.#keys.idOf(key)
      if (id !== undefined) flags[id] = 1
    }
    return flags
  }

  #named(rows: readonly Map<number, number>[]): Map<string, number>[] {
    const nameOf = remembering(this.#fields)
    return rows.map(row => new Map([...row].map(([field, value]) => [nameOf(field), value])))
  }
}

/** Looks each text up once. */
function remembering(dictionary: Dictionary): (id: number) => string {
  const texts = new Map<number, string>()
  return id => {
    const text = texts.get(id) ?? dictionary.textOf(id)
    texts.set(id, text)
    return text
  }
}

type Visit = (key: number, field: number, value: number, start: Instant) => void

function addTo(
  sums: Map<number, number>,
  field: number,
  value: number,
  start: Instant,
  maxima: ReadonlySet<number>,
): void {
  const before = sums.get(field)
  if (!maxima.has(field)) sums.set(field, (before ?? 0) + value)
  else if (before === undefined || start + value > before) sums.set(field, start + value)
}

function visitCells({ keys, fields, starts, values }: Cells, { from, to }: Interval, visit: Visit): void {
  for (let i = 0; i < keys.length; i++) {
    const start = starts[i] as number
    if (start >= from && start < to) visit(keys[i] as number, fields[i] as number, values[i] as number, start)
  }
}

/** Visits all cells of a page, by the numbers of their keys. */
function visitPage({ id, cells }: Page, level: Level, valued: boolean, visit: Visit): void {
  const { bucket, block, chunk } = placeOf(id)
  const firstKey = block * KEYS_PER_PAGE
  const firstField = chunk * FIELDS_PER_PAGE
  const begin = bucketStart(level, bucket)
  const reader = new PageReader(cells, valued)
  while (reader.next()) {
    const { address } = reader
    const start = begin + minorOf(address) * QUARTER_MS
    visit(firstKey + slotOf(address), firstField + fieldOf(address), reader.value, start)
  }
}

class TotalsColumns implements Totals {
  readonly sums: readonly Float64Array[]
  readonly latest: readonly Float64Array[]
  readonly length: number
  #keys: Dictionary
  #ids: Uint32Array
  #rows: Int32Array

  constructor(keys: Dictionary, touched: Uint8Array, sums: readonly Float64Array[], latest: readonly Float64Array[]) {
    this.#keys = keys
    this.#rows = new Int32Array(touched.length).fill(-1)
    let row = 0
    for (let id = 0; id < touched.length; id++) if (touched[id]) this.#rows[id] = row++
    this.length = row
    this.#ids = new Uint32Array(row)
    for (let id = 0; id < touched.length; id++) if (touched[id]) this.#ids[this.#rows[id] as number] = id
    const pick = (column: Float64Array) => Float64Array.from(this.#ids, id => column[id] as number)
    this.sums = sums.map(pick)
    this.latest = latest.map(pick)
  }

  key(i: number): string {
    return this.#keys.textOf(this.#ids[i] as number)
  }

  rowOf(key: string): number | undefined {
    const row = this.#rows[this.#keys.idOf(key) ?? -1] ?? -1
    return row < 0 ? undefined : row
  }
}

function byTimeKeyField(a: Cell, b: Cell): number {
  if (a.bucket !== b.bucket) return a.bucket - b.bucket
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.field < b.field ? -1 : a.field > b.field ? 1 : 0
}
