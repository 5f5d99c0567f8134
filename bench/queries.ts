/**
 * Questions over HTTP, one connection, on the large store; compared with SQL on a plain, well-indexed table, and with the same
 * questions put to DuckDB alone.
 */
import { join } from 'node:path'
import { DuckdbAlone } from './duckdb-alone.ts'
import { artists, YEAR_MS, YEAR_START } from './generate.ts'
import { PlainAnswers } from './plain-answers.ts'
import { type Bars, CHOICES, chooseArtists, percentile, percentiles, Questions } from './questions.ts'
import { ms, Report } from './report.ts'
import { Service } from './service.ts'
import type { Sizes } from './sizes.ts'
import { filledStore, workFolder } from './stores.ts'

const PORT = 5406
const DAY_MS = 86_400_000
const YEAR = [YEAR_START, YEAR_START + YEAR_MS] as const
const RANGE = 'startDate=2025-01-01&endDate=2025-12-31'
/** Part of a day, to the millisecond. */
const ODD_RANGE = 'startDate=2025-01-03T10:07:11.123&endDate=2025-12-30T22:51:02.456'

/** Two threads that work at once on two cores, beside the load, may take this many times as long. */
const HELD_UP = 2

/** A ranking by eligible plays may take this many times as long as one by all plays. */
const BY_ELIGIBLE = 2

const KPI_BARS: Record<keyof typeof CHOICES, Bars> = { popular: { 50: 10, 99: 90 }, uniform: { 99: 20 } }

export async function queries({ large }: Sizes): Promise<Report> {
  const report = new Report('queries', 'questions over HTTP, one connection')
  const filling = { perYear: large, stored: large }
  const dataDir = await filledStore(filling)
  const plain = PlainAnswers.open(filling)
  const service = await Service.start(PORT, { dataDir, now: YEAR_START + YEAR_MS, preload: 'without-cache.ts' })
  try {
    const questions = new Questions(report, service)
    const idle = await questions.ask(new Array<string>(2_000).fill('/livez'))
    report.note('a route that does nothing', percentiles(idle))
    await askKpis(questions, plain)
    await askTrending(questions, plain)
    await askPositions(report, questions)
    await askBoth(report, questions)
    await service.stop()
    await askAlone(report, dataDir)
  } finally {
    service.kill()
    plain.close()
  }
  return report
}

async function askKpis(questions: Questions, plain: PlainAnswers): Promise<void> {
  for (const [choice, ranks] of Object.entries(CHOICES)) {
    for (const tz of ['UTC', 'Europe/Madrid']) {
      const chosen = chooseArtists(ranks, 1_000)
      const years = plain.time('figures', chosen.slice(0, 50).map(inYear))
      const paths = chosen.map(rank => kpisOf(rank, `${RANGE}&tz=${tz}`))
      await questions.judge(
        `KPIs of a year, ${choice} artists, ${tz}`,
        paths,
        KPI_BARS[choice as keyof typeof CHOICES],
        years,
      )
    }
    const chosen = chooseArtists(ranks, 500)
    const days = plain.time('days', chosen.slice(0, 50).map(inYear))
    const series = chosen.map(rank => kpisOf(rank, `${RANGE}&interval=day&tz=Europe/Madrid`))
    await questions.judge(`daily series of a year, ${choice} artists`, series, { 99: 120 }, days)
  }
  const chosen = chooseArtists(CHOICES.popular, 500)
  const odd = plain.time('figures', chosen.slice(0, 50).map(inYear))
  const paths = chosen.map(rank => kpisOf(rank, ODD_RANGE))
  await questions.judge('KPIs of a year cut to the millisecond, popular artists', paths, KPI_BARS.popular, odd)
  const biggest = plain.time('figures', [inYear(0), inYear(0), inYear(0)])
  const greatest = new Array<string>(30).fill(kpisOf(0, RANGE))
  await questions.judge('KPIs and unique listeners of the biggest artist, a year', greatest, { 100: 80 }, biggest)
}

async function askTrending(questions: Questions, plain: PlainAnswers): Promise<void> {
  const end = YEAR_START + YEAR_MS
  for (const { period, days, bar, count } of [
    { period: 'week', days: 7, bar: 40, count: 60 },
    { period: 'year', days: 365, bar: 300, count: 20 },
  ]) {
    const sql = plain.time(
      'trending',
      [1, 2, 3].map(() => [end - days * DAY_MS, end]),
    )
    for (const kind of ['tracks', 'albums', 'artists']) {
      await questions.judge(`trending ${kind} of a ${period}`, trendingPaths(kind, period, count), { 95: bar }, sql)
    }
  }
}

/** Positions once the rankings of the weeks are kept. */
async function askPositions(report: Report, questions: Questions): Promise<void> {
  const paths = chooseArtists(CHOICES.popular, 500).map(rank => `/api/stats/artist/${artists[rank]!.id}/position`)
  await questions.ask(paths.slice(0, 1))
  const load = await questions.ask(paths)
  report.judge('position of a year, kept: p95, ms', load.latency[95], { atMost: 20 }, percentiles(load))
}

/** Rankings by eligible plays, of those by all plays; and positions of which nothing is kept. */
async function askCharts(report: Report, alone: DuckdbAlone): Promise<void> {
  for (const period of ['week', 'year'] as const) {
    for (const kind of ['tracks', 'albums'] as const) {
      const asked = Array.from({ length: 20 }, () => ({ kind, period, limit: 100 }))
      const [all, eligible] = [await alone.trending(asked, null), await alone.trending(asked)]
      const ratio = percentile(eligible, 95) / percentile(all, 95)
      const shown = `${ratio.toFixed(2)} (${shownTimes(eligible)}; all plays ${shownTimes(all)})`
      report.judge(
        `trending ${kind} of a ${period} by eligible plays: p95, of that by all`,
        ratio,
        { atMost: BY_ELIGIBLE },
        shown,
      )
    }
  }
  const cold = await alone.coldPositions(
    chooseArtists(CHOICES.popular, 20).map(rank => ({ artistId: artists[rank]!.id })),
  )
  report.judge('position of a year, cold: p95, ms', percentile(cold, 95), { atMost: 800 }, shownTimes(cold))
}

/** What of it is DuckDB's own. The service is stopped: one process has the figures at a time. */
async function askAlone(report: Report, dataDir: string): Promise<void> {
  const alone = await DuckdbAlone.open(dataDir, YEAR_START + YEAR_MS)
  try {
    for (const [choice, ranks] of Object.entries(CHOICES)) {
      const asked = chooseArtists(ranks, 500).map(rank => ({ ...YEAR_OF, artistId: artists[rank]!.id }))
      report.note(`KPIs of a year, ${choice} artists, DuckDB alone`, shownTimes(await alone.kpis(asked)))
      const byDay = asked.slice(0, 200).map(question => ({ ...question, interval: 'day', tz: 'Europe/Madrid' }))
      report.note(`daily series of a year, ${choice} artists, DuckDB alone`, shownTimes(await alone.kpis(byDay)))
    }
    const biggest = Array.from({ length: 30 }, () => ({ ...YEAR_OF, artistId: artists[0]!.id }))
    report.note('KPIs of the biggest artist, DuckDB alone', shownTimes(await alone.kpis(biggest)))
    for (const period of ['week', 'year'] as const) {
      const asked = Array.from({ length: 20 }, () => ({ kind: 'tracks' as const, period, limit: 100 }))
      report.note(`trending tracks of a ${period}, DuckDB alone`, shownTimes(await alone.trending(asked)))
    }
    await askCharts(report, alone)
  } finally {
    await alone.close()
  }
}

const YEAR_OF = { startDate: '2025-01-01', endDate: '2025-12-31' }

const shownTimes = (ascending: readonly number[]): string =>
  `p50 ${ms(percentile(ascending, 50))}, p95 ${ms(percentile(ascending, 95))}, p99 ${ms(percentile(ascending, 99))}`

/** KPIs alone, and while rankings of a year are computed all the time. */
async function askBoth(report: Report, questions: Questions): Promise<void> {
  const paths = chooseArtists(CHOICES.popular, 1_000).map(rank => kpisOf(rank, RANGE))
  const alone = await questions.ask(paths)
  const file = join(workFolder('rankings'), 'paths')
  const [rankings, meanwhile] = await Promise.all([
    questions.ask(trendingPaths('tracks', 'year', 30), file),
    questions.ask(paths),
  ])
  const ratio = meanwhile.latency[95] / alone.latency[95]
  const took = `${rankings.seconds.toFixed(1)} s of rankings, ${meanwhile.seconds.toFixed(1)} s of these`
  const shown = `${ratio.toFixed(2)} (${percentiles(meanwhile)}; alone ${percentiles(alone)}; ${took})`
  report.judge('KPIs of a year while rankings are computed: p95, of that alone', ratio, { atMost: HELD_UP }, shown)
}

/** Each with another limit, as the same question again could be answered from a cache. */
const trendingPaths = (kind: string, period: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `/api/stats/trending?genre=${kind}&period=${period}&limit=${100 - i}`)

const kpisOf = (rank: number, query: string): string => `/api/stats/artist/${artists[rank]!.id}/kpis?${query}`

const inYear = (rank: number): number[] => [rank, ...YEAR]
