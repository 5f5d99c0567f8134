/** The thread that measures one split. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Split } from '../../recommendations/evaluation/split.ts'
import type { DataSet } from './data-set.ts'
import { type Measured, measure } from './measure.ts'

export interface SplitTask {
  dataSet: DataSet
  split: Split
}

/** A part is done, or all of it. */
export type SplitMessage = 'step' | Measured

const { dataSet, split } = workerData as SplitTask
const post = (message: SplitMessage) => parentPort!.postMessage(message)
post(measure(dataSet, split, () => post('step')))
