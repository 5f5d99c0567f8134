/** Collects feedback for the figures, and finds out what was said of its items before. */
import { BIGINT, BOOLEAN, type DuckDBValue, ENUM, INTEGER } from '@duckdb/node-api'
import { TOLD_STRATEGIES } from '../../identity/recommendation-id.ts'
import { DEEDS, type Feedback } from '../figures.ts'
import type { Seq } from '../storage.ts'
import { appendRows } from './append.ts'
import { listenerText } from './names.ts'
import type { Reading } from './reading.ts'

/** Adds the number of a string to a column, now or once it is known. */
type Reference = (text: string, column: DuckDBValue[]) => void

/** When an item of an answer was shown and clicked, by the first events that said so. */
interface Told {
  shown?: bigint
  clicked?: bigint
}

export class FeedbackBatch {
  readonly #seqs: bigint[] = []
  readonly #feedback: Feedback[] = []
  readonly #answers: DuckDBValue[] = []
  readonly #items: DuckDBValue[] = []
  readonly #listeners: DuckDBValue[] = []

  add(seq: Seq, feedback: Feedback, reference: Reference): void {
    this.#seqs.push(BigInt(seq))
    this.#feedback.push(feedback)
    reference(feedback.answer, this.#answers)
    reference(feedback.item, this.#items)
    if (feedback.listener === undefined) this.#listeners.push(null)
    else reference(listenerText(feedback.listener), this.#listeners)
  }

  /** Writes the rows, inside the transaction of the connection that `reading` has. */
  async append(reading: Reading): Promise<void> {
    if (this.#seqs.length === 0) return
    const told = await toldOf(reading, [...new Set(this.#answers)] as number[])
    const rows = this.#feedback.map(({ instant, deed, strategy }, i) => {
      const key = keyOf(strategy, this.#answers[i], this.#items[i])
      const before = told.get(key) ?? {}
      const now = { [deed]: BigInt(instant), ...before }
      told.set(key, now)
      return { again: before[deed] !== undefined, shown: now.shown ?? null, clicked: now.clicked ?? null }
    })
    await appendRows(reading.connection, 'feedback', [
      { type: BIGINT, values: this.#seqs },
      { type: BIGINT, values: this.#feedback.map(({ instant }) => BigInt(instant)) },
      { type: ENUM([...DEEDS]), values: this.#feedback.map(({ deed }) => deed) },
      { type: ENUM([...TOLD_STRATEGIES]), values: this.#feedback.map(({ strategy }) => strategy) },
      { type: INTEGER, values: this.#answers },
      { type: INTEGER, values: this.#items },
      { type: INTEGER, values: this.#listeners },
      { type: BOOLEAN, values: rows.map(({ again }) => again) },
      { type: BIGINT, values: rows.map(({ shown }) => shown) },
      { type: BIGINT, values: rows.map(({ clicked }) => clicked) },
    ])
  }
}

/** What was said before of the items of these answers. */
async function toldOf(reading: Reading, answers: readonly number[]): Promise<Map<string, Told>> {
  const rows = await reading.rows<{ strategy: string; answer: number; item: number; deed: string; instant: number }>(
    `SELECT strategy, answer, item, deed, instant FROM feedback
     WHERE NOT again AND answer IN (SELECT unnest($answers))`,
    { answers },
  )
  const told = new Map<string, Told>()
  for (const { strategy, answer, item, deed, instant } of rows) {
    const key = keyOf(strategy, answer, item)
    told.set(key, { ...told.get(key), [deed]: BigInt(instant) })
  }
  return told
}

const keyOf = (strategy: string, answer: DuckDBValue | undefined, item: DuckDBValue | undefined): string =>
  `${strategy} ${answer} ${item}`
