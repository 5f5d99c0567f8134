/** Reading every figure back from the service and comparing it with the plain counts. */
import { type Chart, Charts, type ExpectedRow } from './charts.ts'
import type { Client } from './client.ts'
import type { Fact } from './facts.ts'
import { figuresOf } from './figures.ts'

const CONNECTIONS = 6
const ROWS = 100
const GENRES = 5
const PERIODS = { day: 1, week: 7, month: 30, year: 365 }
const ZONES = ['UTC', 'Europe/Madrid', 'Asia/Kathmandu']
/** Artists whose figures of some ranges are compared too. */
const RANGED_ARTISTS = 60
/** How old a chart may be that the service has in its cache. */
const CHART_AGE_MS = 310_000

export class Comparison {
  compared = 0
  differences = 0
  #report: (line: string) => void

  constructor(report: (line: string) => void) {
    this.#report = report
  }

  equal(what: string, actual: unknown, expected: unknown): void {
    this.compared++
    if (actual === expected) return
    this.differences++
    this.#report(`${what}: is ${JSON.stringify(actual)}, should be ${JSON.stringify(expected)}`)
  }
}

interface Question {
  artist: string
  range?: { startDate: string; endDate: string; tz: string }
}

/** Compares the figures of the artists, and of some of them those of date ranges in several zones. */
export async function compareFigures(
  client: Client,
  facts: readonly Fact[],
  options: { artists: readonly string[]; before: number },
  comparison: Comparison,
  onProgress: (done: number, all: number) => void,
): Promise<void> {
  const byArtist = Map.groupBy(facts, ({ artist }) => artist.id)
  const questions = options.artists.map((artist): Question => ({ artist }))
  const step = Math.max(1, Math.floor(options.artists.length / RANGED_ARTISTS))
  for (const [i, artist] of options.artists.entries()) {
    if (i % step === 0)
      questions.push(...ZONES.flatMap(tz => rangesIn(tz, options.before, i)).map(range => ({ artist, range })))
  }
  let done = 0
  await inParallel(questions, async question => {
    await compareArtist(client, byArtist.get(question.artist) ?? [], question, comparison)
    onProgress(++done, questions.length)
  })
}

/** Two ranges of whole days, other ones for every artist. */
function rangesIn(tz: string, before: number, i: number) {
  const today = Temporal.Instant.fromEpochMilliseconds(before).toZonedDateTimeISO('UTC').toPlainDate()
  const days = (ago: number, length: number) => ({
    startDate: today.subtract({ days: ago }).toString(),
    endDate: today.subtract({ days: ago - length + 1 }).toString(),
    tz,
  })
  return [days(30 + (i % 300), 30), days(2 + (i % 90), 1)]
}

async function compareArtist(
  client: Client,
  facts: readonly Fact[],
  { artist, range }: Question,
  comparison: Comparison,
): Promise<void> {
  const query = range ? `?${new URLSearchParams(range)}` : ''
  const path = `/api/stats/artist/${encodeURIComponent(artist)}/kpis${query}`
  const actual = (await client.get(path)) as Record<string, unknown>
  const [from, to] = range ? [midnight(range.startDate, range.tz), midnight(range.endDate, range.tz, 1)] : []
  const { lastEventAt, ...figures } = figuresOf(facts, from, to)
  for (const [name, expected] of Object.entries(figures)) comparison.equal(`${path} ${name}`, actual[name], expected)
  const last = typeof actual.lastEventAt === 'string' ? Date.parse(actual.lastEventAt) : actual.lastEventAt
  comparison.equal(`${path} lastEventAt`, last, lastEventAt)
}

function midnight(date: string, tz: string, daysLater = 0): number {
  return Temporal.PlainDate.from(date).add({ days: daysLater }).toZonedDateTime(tz).epochMilliseconds
}

/** Compares the charts of each kind and period, and of the most frequent genres. */
export async function compareCharts(
  client: Client,
  facts: readonly Fact[],
  comparison: Comparison,
  onProgress: (done: number, all: number) => void,
): Promise<void> {
  const charts = new Charts(facts)
  const kinds: Omit<Chart, 'days'>[] = [{ kind: 'tracks' }, { kind: 'albums' }, { kind: 'artists' }]
  for (const genre of charts.topGenres(GENRES)) kinds.push({ kind: 'tracks', genre })
  const all = kinds.flatMap(kind =>
    Object.entries(PERIODS).map(([period, days]) => ({ period, chart: { ...kind, days } })),
  )
  for (const [i, { period, chart }] of all.entries()) {
    await compareChart(client, charts, chart, period, comparison)
    onProgress(i + 1, all.length)
  }
}

/** A chart moves with the clock: it is right if it was so at some instant since the oldest one that may be cached. */
async function compareChart(
  client: Client,
  charts: Charts,
  chart: Chart,
  period: string,
  comparison: Comparison,
): Promise<void> {
  const query = new URLSearchParams({ genre: chart.genre ?? chart.kind, period, limit: String(ROWS) })
  const path = `/api/stats/trending?${query}`
  const asked = Date.now()
  const actual = (await client.get(path)) as ExpectedRow[]
  const turns = charts.turns(chart, asked - CHART_AGE_MS, Date.now())
  const right = turns.find(now => isSame(actual, charts.at(chart, now, ROWS))) ?? turns[0]!
  const expected = charts.at(chart, right, ROWS)
  comparison.equal(`${path} length`, actual.length, expected.length)
  for (const [i, row] of expected.entries()) {
    for (const name of Object.keys(row) as (keyof ExpectedRow)[]) {
      comparison.equal(`${path} row ${i} ${name}`, actual[i]?.[name], row[name])
    }
  }
}

function isSame(actual: readonly ExpectedRow[], expected: readonly ExpectedRow[]): boolean {
  if (actual.length !== expected.length) return false
  return expected.every((row, i) =>
    (Object.keys(row) as (keyof ExpectedRow)[]).every(name => actual[i]![name] === row[name]),
  )
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const shared = items.values()
  const loop = async () => {
    for (const item of shared) await work(item)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, loop))
}
