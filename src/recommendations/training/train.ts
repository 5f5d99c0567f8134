/** One training: makes the file of the models of a file of training data. */
import { ITEM_KINDS } from '../item-kind.ts'
import type { ModelInfo } from '../model/model.ts'
import { release, rowCount } from '../model/sparse-rows.ts'
import { mostPlayedArtists, trainModel } from '../model/train-model.ts'
import type { TrainingData } from '../model/training-data.ts'
import { ArrayFileReader } from './array-file.ts'
import { ModelFileWriter } from './model-file.ts'
import { trainingDataOf } from './training-data-file.ts'

export interface TrainingTask {
  /** What `readTrainingData` wrote. */
  dataPath: string
  /** Where the models go. */
  modelPath: string
  /** The last entry of the log that the data contains. */
  seq: number
  /** When the training began, in milliseconds since 1970. */
  begunAt: number
}

/** Of less, a model would learn nothing but who listened to what. */
const LEAST_PAIRS = 1_000
const LEAST_LISTENERS = 100

/** A kind with too little to learn from gets no model. @throws NodeJS.ErrnoException, ArrayFileDamaged */
export async function train({ dataPath, modelPath, seq, begunAt }: TrainingTask): Promise<ModelInfo> {
  const data = await ArrayFileReader.open(dataPath)
  const models = await ModelFileWriter.create(modelPath)
  try {
    let mostPlayed: ReadonlySet<string> = new Set()
    for (const kind of ITEM_KINDS) {
      const { data: ofKind } = await trainingDataOf(data, kind)
      if (kind === 'artist') mostPlayed = mostPlayedArtists(ofKind)
      if (!isEnough(ofKind)) continue
      const { listeners } = ofKind
      const sizes = { listeners: rowCount(listeners), pairs: listeners.columns.length }
      await models.add(trainModel(ofKind, { mostPlayed }), sizes)
      release(listeners.columns)
      release(listeners.values)
    }
    const now = Date.now()
    return await models.finish({ trainedAt: new Date(now).toISOString(), seq, tookMs: now - begunAt })
  } catch (error) {
    await models.discard()
    throw error
  } finally {
    await data.close()
  }
}

/** Whether enough listeners have two items, so that there is something that items have in common. */
export function isEnough({ listeners }: TrainingData): boolean {
  const { starts, columns } = listeners
  const withTwo = starts.filter((start, row) => row + 1 < starts.length && starts[row + 1]! - start >= 2)
  return columns.length >= LEAST_PAIRS && withTwo.length >= LEAST_LISTENERS
}
