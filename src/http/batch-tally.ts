/** What became of a batch: the counts, and a result for each item. */
import type { ItemResult } from '../events/arrival.ts'

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
}

export class BatchTally {
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
