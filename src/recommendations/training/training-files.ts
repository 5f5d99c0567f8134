/** The files of trainings, in a folder of their own. */
import { join } from 'node:path'

export const modelFile = (folder: string): string => join(folder, 'models.arrays')
export const trainingDataFile = (folder: string): string => join(folder, 'training-data.arrays')
/** Training data of before the days that are held out, and of these. */
export const heldOutFiles = (folder: string) => ({
  beforePath: join(folder, 'before.arrays'),
  afterPath: join(folder, 'after.arrays'),
})
export const evaluationFile = (folder: string): string => join(folder, 'evaluation.json')
