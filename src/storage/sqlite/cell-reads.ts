/** The reads on cells, each in the state of the database at that moment. */
import type { DatabaseSync } from 'node:sqlite'
import { ALWAYS, type Cell, type Instant, type Interval, QUARTER_MS, type TableSpec, type Totals } from '../storage.ts'
import { Dictionary } from './dictionary.ts'
import { FIELDS_PER_PAGE, fieldOf, KEYS_PER_PAGE, minorOf, PageReader, slotOf } from './page.ts'
import { type Level, levelsOf, type Page, PageTable, placeOf, tableName } from './page-table.ts'
import { DAY_MS, dayOf, monthStart, type Piece, pieces } from './time-buckets.ts'

/** Visits one cell: the place of its key among the keys asked for, its field, and its value. */
type Visit = (field: number, value: number, start: Instant) => void

export class CellTable {
  readonly keys: Dictionary
  readonly fields: Dictionary
  #spec: TableSpec
  #levels: Map<Level, PageTable>

  constructor(database: DatabaseSync, spec: TableSpec) {
    this.#spec = spec
    this.keys = new Dictionary(database, spec.keys)
    this.fields = new Dictionary(database, spec.fields)
    this.#levels = new Map(levelsOf(spec).map(level => [level, new PageTable(database, tableName(spec, level))]))
  }

  sums(keys: readonly string[], intervals: readonly Interval[]): Map<string, number>[] {
    const maxima = this.#maxima()
    const visited = intervals.map(() => new Map<number, number>())
    this.#visitIntervals(this.#blocks(keys), intervals, interval => {
      const sums = visited[interval] as Map<number, number>
      return (field, value, start) => {
        if (maxima.has(field)) sums.set(field, Math.max(sums.get(field) ?? -Infinity, start + value))
        else sums.set(field, (sums.get(field) ?? 0) + value)
      }
    })
    return visited.map(sums => this.#named(sums))
  }

  distinct(keys: readonly string[], intervals: readonly Interval[], also: readonly ReadonlySet<string>[]): number[] {
    // The last interval (counted from 1) in which a member was seen, so that one array serves all intervals.
    const seenIn = new Int32Array(this.fields.size())
    const counts = intervals.map(() => 0)
    const see = (member: number, interval: number) => {
      if (seenIn[member] === interval + 1) return
      seenIn[member] = interval + 1
      counts[interval] = (counts[interval] as number) + 1
    }
    const others = (interval: number) => {
      for (const text of also[interval] ?? []) {
        const member = this.fields.idOf(text)
        if (member === undefined) counts[interval] = (counts[interval] as number) + 1
        else see(member, interval)
      }
    }
    this.#visitIntervals(this.#blocks(keys), intervals, interval => member => see(member, interval), others)
    return counts
  }

  rows(keys: readonly string[]): Map<string, number>[] {
    return keys.map(key => this.sums([key], [ALWAYS])[0] as Map<string, number>)
  }

  first(keys: readonly string[]): Instant | null {
    const blocks = this.#blocks(keys)
    for (const month of this.#level('month').buckets()) {
      let earliest = Number.POSITIVE_INFINITY
      for (let day = dayOf(monthStart(month)); day * DAY_MS < monthStart(month + 1) && earliest === Infinity; day++) {
        const piece: Piece = { level: 'day', bucket: day, fromQuarter: 0, toQuarter: DAY_MS / QUARTER_MS }
        this.#visitPiece(piece, blocks, (_field, _value, start) => {
          earliest = Math.min(earliest, start)
        })
      }
      if (earliest !== Infinity) return earliest
    }
    return null
  }

  totals(
    { field, latest }: { field: string; latest: string },
    windows: readonly Interval[],
    among?: ReadonlySet<string>,
  ): Totals {
    const size = this.keys.size()
    const ids = { field: this.fields.idOf(field) ?? -1, latest: this.fields.idOf(latest) ?? -1 }
    const asked = among && this.#flags(among, size)
    const sums = windows.map(() => new Float64Array(size))
    const lasts = windows.map(() => new Float64Array(size).fill(-Infinity))
    const touched = new Uint8Array(size)
    const months = this.#months()
    for (const [w, window] of windows.entries()) {
      const sum = sums[w] as Float64Array
      const last = lasts[w] as Float64Array
      for (const piece of pieces(window, months)) {
        for (const page of this.#level(piece.level).bucket(piece.bucket)) {
          const base = placeOf(page.id).block * KEYS_PER_PAGE
          visitCells(page, piece, this.#valued, (slot, id, value, start) => {
            const key = base + slot
            if (asked && !asked[key]) return
            if (id === ids.field) sum[key] = (sum[key] as number) + value
            else if (id === ids.latest) last[key] = Math.max(last[key] as number, start + value)
            else return
            touched[key] = 1
          })
        }
      }
    }
    return this.#compact(touched, sums, lasts)
  }

  *scan(): Generator<Cell> {
    const maxima = this.#maxima()
    for (const [level, table] of this.#levels) {
      for (const bucket of table.buckets()) {
        const cells: Cell[] = []
        const whole = wholeBucket(level, bucket)
        for (const page of table.bucket(bucket)) {
          const base = placeOf(page.id).block * KEYS_PER_PAGE
          visitCells(page, whole, this.#valued, (slot, field, value, start) => {
            cells.push({
              level: level === 'day' ? 'quarter' : level,
              bucket: start,
              key: this.keys.textOf(base + slot),
              field: this.fields.textOf(field),
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

  #months(): number[] {
    return this.#levels.get('month')?.buckets() ?? []
  }

  #maxima(): Set<number> {
    return new Set(this.#spec.maxima.map(field => this.fields.idOf(field) ?? -1))
  }

  /** The known keys, as slots wanted of each block. */
  #blocks(keys: readonly string[]): Map<number, Uint8Array> {
    const blocks = new Map<number, Uint8Array>()
    for (const key of keys) {
      const id = this.keys.idOf(key)
      if (id === undefined) continue
      const block = Math.floor(id / KEYS_PER_PAGE)
      const slots = blocks.get(block) ?? new Uint8Array(KEYS_PER_PAGE)
      slots[id % KEYS_PER_PAGE] = 1
      blocks.set(block, slots)
    }
    return blocks
  }

  #visitIntervals(
    blocks: Map<number, Uint8Array>,
    intervals: readonly Interval[],
    visitor: (interval: number) => Visit,
    afterwards: (interval: number) => void = () => {},
  ): void {
    const months = this.#months()
    const untimed = this.#levels.has('all')
    for (const [i, interval] of intervals.entries()) {
      const visit = visitor(i)
      if (untimed) this.#visitPiece(wholeBucket('all', 0), blocks, visit)
      else for (const piece of pieces(interval, months)) this.#visitPiece(piece, blocks, visit)
      afterwards(i)
    }
  }

  #visitPiece(piece: AnyPiece, blocks: Map<number, Uint8Array>, visit: Visit): void {
    const table = this.#level(piece.level)
    for (const [block, slots] of blocks) {
      for (const page of table.block(piece.bucket, block)) {
        visitCells(page, piece, this.#valued, (slot, field, value, start) => {
          if (slots[slot]) visit(field, value, start)
        })
      }
    }
  }

  #flags(keys: ReadonlySet<string>, size: number): Uint8Array {
    const flags = new Uint8Array(size)
    for (const key of keys) {
      const id = this.keys.idOf(key)
      if (id !== undefined) flags[id] = 1
    }
    return flags
  }

  #named(sums: Map<number, number>): Map<string, number> {
    return new Map([...sums].map(([field, value]) => [this.fields.textOf(field), value]))
  }

  #compact(touched: Uint8Array, sums: Float64Array[], lasts: Float64Array[]): Totals {
    const ids: number[] = []
    for (let id = 0; id < touched.length; id++) if (touched[id]) ids.push(id)
    const pick = (column: Float64Array) => Float64Array.from(ids, id => column[id] as number)
    return {
      length: ids.length,
      key: i => this.keys.textOf(ids[i] as number),
      sums: sums.map(pick),
      latest: lasts.map(pick),
    }
  }
}

/** A piece, or the whole of a table without time. */
type AnyPiece = Piece | { level: 'all'; bucket: 0 }

function wholeBucket(level: Level, bucket: number): AnyPiece {
  if (level === 'all') return { level, bucket: 0 }
  if (level === 'month') return { level, bucket }
  return { level, bucket, fromQuarter: 0, toQuarter: DAY_MS / QUARTER_MS }
}

function visitCells(
  page: Page,
  piece: AnyPiece,
  valued: boolean,
  visit: (slot: number, field: number, value: number, start: Instant) => void,
): void {
  const firstField = placeOf(page.id).chunk * FIELDS_PER_PAGE
  const isDay = piece.level === 'day'
  const from = isDay ? piece.fromQuarter : 0
  const to = isDay ? piece.toQuarter : 1
  const base = isDay ? piece.bucket * DAY_MS : piece.level === 'month' ? monthStart(piece.bucket) : 0
  const reader = new PageReader(page.cells, valued)
  while (reader.next()) {
    const { address } = reader
    const minor = minorOf(address)
    if (minor < from || minor >= to) continue
    visit(slotOf(address), firstField + fieldOf(address), reader.value, base + minor * QUARTER_MS)
  }
}

function byTimeKeyField(a: Cell, b: Cell): number {
  if (a.bucket !== b.bucket) return a.bucket - b.bucket
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.field < b.field ? -1 : a.field > b.field ? 1 : 0
}
