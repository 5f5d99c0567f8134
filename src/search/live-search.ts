/** The search of a running service: its index follows the figures in the background, and is made again where it is damaged. */
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { QuestionRefused } from '../storage/figures.ts'
import { asUnavailable, isDamage } from '../storage/sqlite/transaction.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { IndexFile } from './index-file.ts'
import { type SearchAnswer, type SearchQuestion, search } from './search.ts'
import { type SearchedFigures, SearchIndex } from './search-index.ts'

/** The greatest share of the time that the index takes, once it is complete. */
const DUTY_CYCLE = 0.03
/** The same while it is made: 265,000 entities take 40 s of work. */
const DUTY_CYCLE_AT_FIRST = 0.3
/** What was counted can be found after about this time, where there is little. */
const PAUSE_MS = 1_000
const RETRY_MS = 1_000

export class LiveSearch {
  readonly #path: string
  readonly #figures: SearchedFigures
  readonly #loop: BackgroundLoop
  /** Undefined before it could be opened. */
  #open: { file: IndexFile; index: SearchIndex } | undefined

  constructor(path: string, figures: SearchedFigures) {
    this.#path = path
    this.#figures = figures
    this.#loop = new BackgroundLoop({
      step: async () => ((await this.#opened().index.step()) ? PAUSE_MS : Number.POSITIVE_INFINITY),
      retryMs: error => this.#retryMs(error),
      dutyCycle: () => (this.#open?.index.isReadingAll ? DUTY_CYCLE_AT_FIRST : DUTY_CYCLE),
    })
  }

  start(): void {
    this.#loop.start()
  }

  /** The figures contain more than before. */
  onCounted(): void {
    this.#loop.wake(PAUSE_MS)
  }

  /** @throws QuestionRefused where the index turns out to be damaged, and is made again; StoreUnavailable */
  search(question: SearchQuestion): SearchAnswer {
    const { file, index } = this.#opened()
    try {
      const answer = search(file, question)
      return { ...answer, isComplete: answer.isComplete && !index.isReadingAll }
    } catch (error) {
      if (!isDamage(error)) throw asUnavailable(error)
      file.reset()
      this.#loop.wake()
      throw new QuestionRefused('the search index is damaged, and is made again', { cause: error })
    }
  }

  async close(): Promise<void> {
    await this.#loop.stop()
    this.#open?.file.close()
  }

  /** @throws StoreUnavailable where the folder can't be written */
  #opened(): { file: IndexFile; index: SearchIndex } {
    try {
      if (this.#open) return this.#open
      const file = new IndexFile(this.#path)
      this.#open = { file, index: new SearchIndex(file, this.#figures) }
      return this.#open
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  #retryMs(error: unknown): number {
    if (isDamage(error)) this.#open?.file.reset()
    else if (!(asUnavailable(error) instanceof StoreUnavailable)) throw error
    return RETRY_MS
  }
}
