/** The result of a batch: the counts, and a result for each item. */
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
  /** The results lack messages, ends of long ids, or codes, because they would be too long otherwise. */
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

/** Bytes of all results in one answer, as JSON. */
export const MAX_RESULT_BYTES = 2 ** 20
/** Characters that are kept of an id that must be cut: as many as a UUID has. */
const SHORT_ID = 36
/** The same for ids whose characters take up to 6 bytes each in JSON. */
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
 * All results in at most `MAX_RESULT_BYTES`. Where they are longer, the last ones lose their messages, as many as necessary;
 * if that is not enough, then the ends of long ids, and last their codes.
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

/** Bytes of a result with a short id and a code. */
const SHORT_RESULT_BYTES = 130

/**
 * Keeps results within `MAX_RESULT_BYTES` that are written one by one, at most `most`: each may have the bytes that are left
 * when all others, which may still come, are short.
 */
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
