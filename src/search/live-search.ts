/** The search of a running service: its index follows the figures in the background, and is made again where it is damaged. */
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { QuestionRefused } from '../storage/figures.ts'
import { asUnavailable, isDamage } from '../storage/sqlite/transaction.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { IndexFile } from './index-file.ts'
import { type SearchAnswer, type SearchQuestion, search } from './search.ts'
import { type SearchedFigures, SearchIndex } from './search-index.ts'

/** The greatest share of the time that the index takes. */
const DUTY_CYCLE = 0.1
/** What was counted can be found after about this time. */
const PAUSE_MS = 100
const RETRY_MS = 1_000

export class LiveSearch {
  readonly #file: IndexFile
  readonly #index: SearchIndex
  readonly #loop: BackgroundLoop

  /** @throws SQLite's errors where the folder can't be written */
  constructor(file: string, figures: SearchedFigures) {
    this.#file = new IndexFile(file)
    this.#index = new SearchIndex(this.#file, figures)
    this.#loop = new BackgroundLoop({
      step: async () => ((await this.#index.step()) ? PAUSE_MS / 2 : Number.POSITIVE_INFINITY),
      retryMs: error => this.#retryMs(error),
      dutyCycle: DUTY_CYCLE,
    })
  }

  start(): void {
    this.#loop.start()
  }

  /** The figures contain more than before. */
  onCounted(): void {
    this.#loop.wake(PAUSE_MS)
  }

  /** @throws QuestionRefused where the index turns out to be damaged: it is made again */
  search(question: SearchQuestion): SearchAnswer {
    try {
      const answer = search(this.#file, question)
      return { ...answer, isComplete: answer.isComplete && !this.#index.isReadingAll }
    } catch (error) {
      if (!isDamage(error)) throw asUnavailable(error)
      this.#file.reset()
      this.#loop.wake()
      throw new QuestionRefused('the search index is damaged, and is made again', { cause: error })
    }
  }

  async close(): Promise<void> {
    await this.#loop.stop()
    this.#file.close()
  }

  #retryMs(error: unknown): number {
    if (isDamage(error)) this.#file.reset()
    else if (!(asUnavailable(error) instanceof StoreUnavailable)) throw error
    return RETRY_MS
  }
}
