/** What instances that share a store do with one another's models: one trains, under a lease, and all answer with the same. */
import { existsSync } from 'node:fs'
import { BackgroundLoop } from '../../concurrency/background-loop.ts'
import type { Clock } from '../../concurrency/clock.ts'
import { Lease } from '../../storage/lease.ts'
import type { Documents } from '../../storage/storage.ts'
import { SharedModels } from './shared-models.ts'
import { modelFile } from './training-files.ts'

interface SharedTrainingsParts {
  documents: Documents
  instance: string
  folder: string
  /** Whether this instance trains at all. */
  trains: boolean
  /** Whether a training, or the evaluation of its models, is under way here: they are newer than what is shared. */
  isTraining: () => boolean
  loadModels(): Promise<unknown>
  announce: (line: string) => void
  clock?: Clock
}

/** So long after they were published, other instances answer with new models, and the time of reading them. */
const LOOK_MS = 3_000

export class SharedTrainings {
  readonly #parts: SharedTrainingsParts
  readonly #lease: Lease
  readonly #path: string
  readonly #models: SharedModels
  readonly #loop: BackgroundLoop

  constructor(parts: SharedTrainingsParts) {
    const { documents, instance, folder, announce } = parts
    const clock = parts.clock && { clock: parts.clock }
    this.#parts = parts
    this.#lease = new Lease({ documents, name: 'recommendation-training', instance, ...clock })
    this.#path = modelFile(folder)
    this.#models = new SharedModels(documents, folder)
    this.#loop = new BackgroundLoop({
      step: async () => {
        await this.#follow()
        return LOOK_MS
      },
      retryMs: error => {
        announce(`the models of the other instances can't be taken over now: ${(error as Error).message}`)
        return 10 * LOOK_MS
      },
      ...clock,
    })
  }

  /** Whether it is for this instance to train. */
  get isOurTurn(): boolean {
    return this.#lease.isHeld
  }

  start(): void {
    if (this.#parts.trains) this.#lease.start()
    this.#loop.start()
  }

  /** Gives the models that were trained here to all. @throws as `SharedModels.publish` */
  publish(): Promise<void> {
    return this.#models.publish()
  }

  async close(): Promise<void> {
    await this.#loop.stop()
    await this.#lease.close()
  }

  async #follow(): Promise<void> {
    const { isTraining, loadModels } = this.#parts
    if (isTraining()) return
    const isTaken = await this.#models.takeLatest(() => !isTraining())
    if (isTaken) await loadModels()
    // An instance that was killed before its models were published has them still.
    if (isTaken === null && this.isOurTurn && existsSync(this.#path)) await this.publish()
  }
}
