/** Training data and models made of a store's figures, as the service makes them. */
import { join } from 'node:path'
import { ITEM_KINDS, type ItemKind } from '../../src/recommendations/item-kind.ts'
import { ServedModels } from '../../src/recommendations/lists/served-models.ts'
import { mostPlayedArtists, trainModel } from '../../src/recommendations/model/train-model.ts'
import type { TrainingData } from '../../src/recommendations/model/training-data.ts'
import { ArrayFileReader, ArrayFileWriter } from '../../src/recommendations/training/array-file.ts'
import { ALL_TIME, readTrainingData } from '../../src/recommendations/training/read-training-data.ts'
import { trainingDataOf } from '../../src/recommendations/training/training-data-file.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { withFolder } from './store-folder.ts'

/** Of the events before an instant. */
export async function trainingDataIn(figures: Figures, before = ALL_TIME.to): Promise<Map<ItemKind, TrainingData>> {
  return withFolder(async folder => {
    const path = join(folder, 'data')
    const writer = await ArrayFileWriter.create(path)
    await readTrainingData(figures, { upTo: figures.checkpoint.seq, time: { ...ALL_TIME, to: before } }, writer)
    await writer.finish(null)
    const reader = await ArrayFileReader.open(path)
    const read = new Map<ItemKind, TrainingData>()
    for (const kind of ITEM_KINDS) read.set(kind, (await trainingDataOf(reader, kind)).data)
    await reader.close()
    return read
  })
}

/** Models of all kinds, however little there is to learn from. */
export async function modelsOf(figures: Figures): Promise<ServedModels> {
  const data = await trainingDataIn(figures)
  const mostPlayed = mostPlayedArtists(data.get('artist')!)
  const models = new Map([...data].map(([kind, ofKind]) => [kind, trainModel(ofKind, { mostPlayed, dimensions: 16 })]))
  const info = { version: 'test', trainedAt: '', seq: figures.checkpoint.seq, tookMs: 0, kinds: [] }
  return new ServedModels({ info, models })
}
