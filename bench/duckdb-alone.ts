/** Baseline of the questions: the same ones, put to the same figures in one process, without HTTP, threads and ingestion. */
import { openFigures } from '../src/opening/open-figures.ts'
import { openReader } from '../src/opening/open-storage.ts'
import { artistKpis, type KpiQuestion } from '../src/statistics/artist-kpis.ts'
import { EligiblePlays } from '../src/statistics/eligible-plays.ts'
import { type TrendingQuestion, trending } from '../src/statistics/trending.ts'
import type { Figures } from '../src/storage/figures.ts'

/** As a service has by default on this machine. */
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

  async trending(questions: readonly TrendingQuestion[]): Promise<number[]> {
    const settings = { now: this.#now, eligible: new EligiblePlays(50) }
    return this.#time(questions, question => this.#figures.ask(reads => trending(reads, question, settings)))
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
