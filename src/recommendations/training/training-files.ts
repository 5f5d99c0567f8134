/** The files of trainings, in a folder of their own. */
import { join } from 'node:path'

export const modelFile = (folder: string): string => join(folder, 'models.arrays')
export const trainingDataFile = (folder: string): string => join(folder, 'training-data.arrays')
