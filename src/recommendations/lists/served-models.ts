/** The models of one training as lists are made of them. */
import type { ItemKind } from '../item-kind.ts'
import type { Model, ModelInfo, ModelSet } from '../model/model.ts'

export interface ServedModel {
  model: Model
  /** The number of each item in the model. */
  numberOf: ReadonlyMap<string, number>
}

export class ServedModels {
  readonly info: ModelInfo
  readonly #models: ReadonlyMap<ItemKind, ServedModel>

  constructor({ info, models }: ModelSet) {
    this.info = info
    this.#models = new Map([...models].map(([kind, model]) => [kind, servedModel(model)]))
  }

  of(kind: ItemKind): ServedModel | undefined {
    return this.#models.get(kind)
  }
}

export function servedModel(model: Model): ServedModel {
  return { model, numberOf: new Map(model.ids.map((id, item) => [id, item])) }
}
