/** The models that answers are made with at this moment. */
import { rename } from 'node:fs/promises'
import { ServedModels } from '../lists/served-models.ts'
import type { ModelInfo } from '../model/model.ts'
import { readModels } from './model-file.ts'

export class LoadedModels {
  readonly #path: string
  readonly #announce: (line: string) => void
  #current: ServedModels | null = null

  /** `announce` takes lines for the service's log. */
  constructor(path: string, announce: (line: string) => void) {
    this.#path = path
    this.#announce = announce
  }

  /** To be taken once for each answer, so that it is of one version; null where nothing is trained yet. */
  get current(): ServedModels | null {
    return this.#current
  }

  /** Puts the models of the file in the place of the present ones, which stay where that fails. @throws as `readModels` */
  async load(): Promise<ModelInfo> {
    const models = new ServedModels(await readModels(this.#path))
    this.#current = models
    return models.info
  }

  /** Loads the models of the last run. A file that can't be used is set aside: models are trained anew then. */
  async loadLast(): Promise<void> {
    try {
      await this.load()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      const why = (error as Error).message
      this.#announce(`the models of recommendations in ${this.#path} can't be used, and are trained anew: ${why}`)
      await rename(this.#path, `${this.#path}.unusable`).catch(() => {})
    }
  }
}
