/** What became of a batch: the counts, and a result for each item. */
import { cutText } from '../cut-text.ts'
import type { ItemResult } from '../ingestion/raw-event.ts'

export interface ListedResult {
  index: number
  id: string
  status: ItemResult['status']
  code?: string
  message?: string
}

export interface BatchCounts {
  accepted: number
  duplicates: number
  /** Rejected or in conflict. */
  rejected: number
  unavailable: number
}

export interface BatchResult extends BatchCounts {
  results: ListedResult[]
  /** Messages, ends of long ids or codes are missing in the results, which would be too long otherwise. */
  cut?: true
}

export class BatchCounter {
  accepted = 0
  duplicates = 0
  rejected = 0
  unavailable = 0

  /** Counts the next results; gives them with their positions in the batch. */
  add(results: readonly ItemResult[]): ListedResult[] {
    const first = this.accepted + this.duplicates + this.rejected + this.unavailable
    return results.map(({ id, status, code, message }, i) => {
      this.#count(status)
      return { index: first + i, id, status, ...(code === undefined ? {} : { code, message: message ?? code }) }
    })
  }

  counts(): BatchCounts {
    const { accepted, duplicates, rejected, unavailable } = this
    return { accepted, duplicates, rejected, unavailable }
  }

  #count(status: ItemResult['status']): void {
    if (status === 'accepted') this.accepted++
    else if (status === 'duplicate') this.duplicates++
    else if (status === 'unavailable') this.unavailable++
    else this.rejected++
  }
}

/** Of the results in one answer, as JSON. */
export const MAX_RESULT_BYTES = 2 ** 20
/** Characters of an id where there is no room for all of them: those of a UUID. */
const SHORT_ID = 36
/** The same of one whose characters take up to 6 bytes each. */
const SHORTER_ID = 6

const bytesOf = (result: ListedResult): number => Buffer.byteLength(JSON.stringify(result)) + 1

const withoutMessage = ({ index, id, status, code }: ListedResult): ListedResult =>
  code === undefined ? { index, id, status } : { index, id, status, code }

function withShortId(result: ListedResult): ListedResult {
  const { id } = result
  for (const max of [SHORT_ID, SHORTER_ID]) {
    const short = id.length <= max ? id : `${cutText(id, max)}…`
    if (Buffer.byteLength(JSON.stringify(short)) <= SHORT_ID + 5)
      return short === id ? result : { ...result, id: short }
  }
  return { ...result, id: '…' }
}

const withoutCode = ({ index, id, status }: ListedResult): ListedResult => ({ index, id, status })

/**
 * The results in at most `MAX_RESULT_BYTES`, each of them named: as many of the last ones as necessary lose their messages,
 * then the ends of long ids, then their codes.
 */
export function fitResults(results: readonly ListedResult[]): Pick<BatchResult, 'results' | 'cut'> {
  const fitting = [...results]
  let over = fitting.reduce((sum, result) => sum + bytesOf(result), 0) - MAX_RESULT_BYTES
  if (over <= 0) return { results: fitting }
  for (const shorten of [withoutMessage, withShortId, withoutCode]) {
    for (let i = fitting.length - 1; i >= 0 && over > 0; i--) {
      const result = fitting[i]!
      const shorter = shorten(result)
      if (shorter !== result) over -= bytesOf(result) - bytesOf(shorter)
      fitting[i] = shorter
    }
  }
  return { results: fitting, cut: true }
}

/** Of a result with a short id and a code. */
const SHORT_RESULT_BYTES = 130

/** The same for results that are told while others may come, `most` in all: each has the room that those don't need. */
export class ResultBudget {
  cut = false
  #left: number

  constructor(most: number) {
    this.#left = MAX_RESULT_BYTES - most * SHORT_RESULT_BYTES
  }

  fit(result: ListedResult): ListedResult {
    const surplus = bytesOf(result) - SHORT_RESULT_BYTES
    if (surplus <= this.#left) {
      this.#left -= Math.max(0, surplus)
      return result
    }
    this.cut = true
    return withShortId(withoutMessage(result))
  }
}
