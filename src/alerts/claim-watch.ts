/** Tells the claims of dead processes from those of living ones, without comparing anybody's clocks. */
import type { StoredDocument } from '../storage/storage.ts'
import { parseAlert } from './alert.ts'

/** Longer than the look-up of a recipient and a whole mail may take, so that no claim of a living process is taken. */
const DEAD_AFTER_MS = 120_000

export interface ClaimWatchOptions {
  /** Names this run of the process. */
  instance: string
  /** Nobody else can have the store: every other claim is of the dead. */
  soleInstance: boolean
  /** Milliseconds that no change of the clock touches. */
  monotonic: () => number
}

export class ClaimWatch {
  readonly #options: ClaimWatchOptions
  /** Claims of others, and since when each has been seen unchanged. */
  readonly #watched = new Map<string, { value: string; since: number }>()

  constructor(options: ClaimWatchOptions) {
    this.#options = options
  }

  /** The ids of the claims that are being watched. */
  get ids(): string[] {
    return [...this.#watched.keys()]
  }

  forget(id: string): void {
    this.#watched.delete(id)
  }

  /** Whether a claimed alert is claimed by a dead process: by another one, and unchanged for two minutes. */
  isDead(document: StoredDocument): boolean {
    const { id, value } = document
    const { instance, soleInstance, monotonic } = this.#options
    if (parseAlert(document).claim?.by === instance) return false
    if (soleInstance) return true
    const now = monotonic()
    const seen = this.#watched.get(id)
    if (seen?.value !== value) this.#watched.set(id, { value, since: now })
    return seen?.value === value && now - seen.since >= DEAD_AFTER_MS
  }
}
