/** The KPIs of the whole platform, with how many artists and tracks were played. */
import { ExactAnswers } from '../caching/exact-answers.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { runsOf } from './interval-lookup.ts'
import { type KpiSettings, type KpiSource, type Kpis, kpisOf, type SeriesQuestion } from './kpis.ts'
import { noPlatformTotals, type PlatformTotals, platformTotals } from './platform-totals.ts'
import { UnitedMonths } from './united-months.ts'

/** How much time one statement reads: different listeners of each day of a year would need more memory than there is. */
const RUN_MS = 31 * DAY_MS

const KEPT_BYTES = 4 * 2 ** 20
const BYTES_OF_TOTALS = 400

/** What was counted is kept for as long as it is exact. */
export class Overview {
  readonly #totals = new ExactAnswers<PlatformTotals>({ maxBytes: KEPT_BYTES, bytesOf: () => BYTES_OF_TOTALS })
  readonly #months = new UnitedMonths()

  /** @throws ServiceError 400 as `kpisOf` */
  kpis(reads: Snapshot, question: SeriesQuestion, settings: KpiSettings): Promise<Kpis> {
    return kpisOf(this.#source(reads), question, settings)
  }

  #source(reads: Snapshot): KpiSource {
    const range = async (interval: Interval) => (await this.#kept(reads, [interval]))[0]!
    return {
      range,
      series: points => this.#kept(reads, points),
      twoRanges: async (before, after) => ({ before: await range(before), range: await range(after) }),
    }
  }

  #kept(reads: Snapshot, intervals: readonly Interval[]): Promise<PlatformTotals[]> {
    return this.#totals.get(reads, 'platform', intervals, missing => this.#count(reads, missing))
  }

  async *#count(reads: Snapshot, intervals: readonly Interval[]): AsyncGenerator<PlatformTotals[]> {
    const runs = runsOf(intervals, RUN_MS)
    const hasFacts = runs.length > 1 ? await factsWithin(reads, runs) : () => true
    for (const run of runs) {
      const united = run.length === 1 ? await this.#months.totalsOf(reads, run[0]!) : undefined
      yield united ? [united] : hasFacts(run) ? await platformTotals(reads, run) : run.map(noPlatformTotals)
    }
  }
}

/**
 * Tells the runs without facts, which need no statements of their own: of 10,000 days, a log that has one event of 1998 and
 * others of this year leaves most empty.
 */
async function factsWithin(
  reads: Snapshot,
  runs: readonly Interval[][],
): Promise<(run: readonly Interval[]) => boolean> {
  const from = runs[0]![0]!.from
  const slotOf = (instant: Instant) => Math.floor((instant - from) / RUN_MS)
  const rows = await reads.rows<{ slot: number }>(
    `SELECT DISTINCT (instant - $from) // ${RUN_MS} AS slot FROM facts WHERE instant >= $from AND instant < $until`,
    { from, until: runs.at(-1)!.at(-1)!.to },
  )
  const slots = new Set(rows.map(({ slot }) => slot))
  return run => {
    const last = slotOf(run.at(-1)!.to - 1)
    for (let slot = slotOf(run[0]!.from); slot <= last; slot++) if (slots.has(slot)) return true
    return false
  }
}
