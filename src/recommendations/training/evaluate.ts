/** Tests how well models foretell the last days: trains them once more, of what was before these days. */
import { rename, writeFile } from 'node:fs/promises'
import { type HeldOutFigures, heldOutFigures } from '../evaluation/held-out.ts'
import { ITEM_KINDS, type ItemKind } from '../item-kind.ts'
import { trainModel } from '../model/train-model.ts'
import { ArrayFileReader } from './array-file.ts'
import { isEnough } from './train.ts'
import { trainingDataOf } from './training-data-file.ts'

export interface EvaluationTask {
  /** What `readTrainingData` wrote of the time before the days that are held out, and of these. */
  beforePath: string
  afterPath: string
  /** Where the evaluation goes, as JSON. */
  path: string
  /** The models after whose training it is made. */
  version: string
  /** Where the days begin, as ISO 8601. */
  from: string
}

export interface Evaluation {
  version: string
  from: string
  /** Without kinds that have too little to learn from or to be tested on. */
  kinds: ({ kind: ItemKind } & HeldOutFigures)[]
}

export async function evaluate({ beforePath, afterPath, path, version, from }: EvaluationTask): Promise<void> {
  const before = await ArrayFileReader.open(beforePath)
  const after = await ArrayFileReader.open(afterPath)
  const kinds: Evaluation['kinds'] = []
  for (const kind of ITEM_KINDS) {
    const { data, listenerOf } = await trainingDataOf(before, kind)
    if (!isEnough(data)) continue
    // Who is played most matters for exploration alone, which is left out here.
    const model = trainModel(data, { mostPlayed: new Set() })
    const { data: later } = await trainingDataOf(after, kind, listenerOf)
    const figures = heldOutFigures(model, data, later)
    if (figures) kinds.push({ kind, ...figures })
  }
  await before.close()
  await after.close()
  await writeFile(`${path}.unfinished`, JSON.stringify({ version, from, kinds } satisfies Evaluation))
  await rename(`${path}.unfinished`, path)
}
