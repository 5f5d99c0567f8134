/**
 * Copies of the figures, for commands that read them while the service has them open: one folder each, below the folder of
 * the figures. Who asked for one removes it; what is left is removed after an hour, or at the next start.
 */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeOwnFolder } from '../files.ts'
import { folderOf, type StoreLocation } from '../opening/open-storage.ts'
import type { Checkpoint, Figures } from '../storage/figures.ts'
import { type Seq, StoreUnavailable } from '../storage/storage.ts'
import { HOUR_MS } from '../units.ts'

const KEPT_MS = HOUR_MS
/** Copies at a time: a copy may be as large as the figures. The oldest one gives way. */
const MOST = 4

export interface FiguresCopy {
  folder: string
  /** The last entry of the log that it contains. */
  checkpoint: Seq
}

/** Where the copies of a store's figures are. */
export const copiesOf = (location: StoreLocation): string => resolve(folderOf(location), 'copies')

export class Copies {
  readonly #folder: string
  readonly #figures: Pick<Figures, 'copyTo'>
  readonly #monotonic: () => number
  /** Those of this service, the oldest first, and when each was made, in monotonic milliseconds. */
  #made: { folder: string; at: number }[] = []
  #last: Promise<unknown> = Promise.resolve()

  /** `folder`: `copiesOf` the store; `monotonic`: milliseconds that no change of the clock touches. */
  constructor(folder: string, figures: Pick<Figures, 'copyTo'>, monotonic: () => number = () => performance.now()) {
    this.#folder = folder
    this.#figures = figures
    this.#monotonic = monotonic
  }

  /** To be called at the start: nobody reads those of an earlier service. */
  async removeAll(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Makes a copy of the present state, one at a time. @throws StoreUnavailable where there is no room for it */
  make(): Promise<FiguresCopy> {
    const copy = this.#last.then(() => this.#make())
    this.#last = copy.catch(() => {})
    return copy
  }

  async #make(): Promise<FiguresCopy> {
    await this.#makeRoom()
    const folder = join(this.#folder, randomUUID())
    this.#made.push({ folder, at: this.#monotonic() })
    try {
      const { seq } = await this.#copyTo(folder)
      return { folder, checkpoint: seq }
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  async #copyTo(folder: string): Promise<Checkpoint> {
    try {
      return await this.#figures.copyTo(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      throw new StoreUnavailable('there is no room on the disk for a copy of the figures', { cause: error })
    }
  }

  async #makeRoom(): Promise<void> {
    makeOwnFolder(this.#folder)
    const oldest = this.#monotonic() - KEPT_MS
    const kept = this.#made.slice(1 - MOST).filter(({ at }) => at >= oldest)
    for (const copy of this.#made) {
      if (!kept.includes(copy)) await rm(copy.folder, { recursive: true, force: true })
    }
    this.#made = kept
  }
}
