/** Baseline of the questions: the same ones, put to the same figures in one process, without HTTP, threads and ingestion. */
import { openFigures } from '../src/opening/open-figures.ts'
import { openReader } from '../src/opening/open-storage.ts'
import { artistKpis, type KpiQuestion } from '../src/statistics/artist-kpis.ts'
import { artistPosition, type PositionQuestion } from '../src/statistics/artist-position.ts'
import { EligiblePlays } from '../src/statistics/eligible-plays.ts'
import { type TrendingQuestion, trending } from '../src/statistics/trending.ts'
import { WeeklyRankings } from '../src/statistics/weekly-rankings.ts'
import type { Figures } from '../src/storage/figures.ts'

/** As a service has by default on this machine. */
const CHART_LIMIT = 50
const SETTINGS = { memory: '192MB', threads: 2 }

export class DuckdbAlone {
  readonly #figures: Figures
  readonly #now: number

  private constructor(figures: Figures, now: number) {
    this.#figures = figures
    this.#now = now
  }

  static async open(dataDir: string, now: number): Promise<DuckdbAlone> {
    const location = { dataDir, mongo: null }
    return new DuckdbAlone(await openFigures(location, SETTINGS, openReader(location)), now)
  }

  /** Milliseconds that each question takes, in ascending order; the first ones warm up. */
  async kpis(questions: readonly KpiQuestion[]): Promise<number[]> {
    const settings = { defaultCurrency: 'EUR', now: this.#now }
    return this.#time(questions, question => this.#figures.ask(reads => artistKpis(reads, question, settings)))
  }

  /** `chartLimit`: as `CHART_PLAYS_PER_LISTENER`; null where it is off. */
  async trending(questions: readonly TrendingQuestion[], chartLimit: number | null = CHART_LIMIT): Promise<number[]> {
    const settings = { now: this.#now, eligible: new EligiblePlays(chartLimit) }
    return this.#time(questions, question => this.#figures.ask(reads => trending(reads, question, settings)))
  }

  /** The positions of artists as the first question after a start finds them: nothing is kept. */
  async coldPositions(questions: readonly PositionQuestion[]): Promise<number[]> {
    return this.#time(questions, question => {
      const settings = { now: this.#now, rankings: new WeeklyRankings(CHART_LIMIT) }
      return this.#figures.ask(reads => artistPosition(reads, question, settings))
    })
  }

  close(): Promise<void> {
    return this.#figures.close()
  }

  async #time<T>(questions: readonly T[], ask: (question: T) => Promise<unknown>): Promise<number[]> {
    for (const question of questions.slice(0, 10)) await ask(question)
    const took: number[] = []
    for (const question of questions) {
      const begun = performance.now()
      await ask(question)
      took.push(performance.now() - begun)
    }
    return took.sort((a, b) => a - b)
  }
}
