/** Measures splits in threads, two at a time. */
import { Worker } from 'node:worker_threads'
import type { Split } from '../../recommendations/evaluation/split.ts'
import type { DataSet } from './data-set.ts'
import type { Measured } from './measure.ts'
import type { SplitMessage, SplitTask } from './split-worker-entry.ts'

const AT_A_TIME = 2

/** In the order of `splits`. @throws what a thread throws */
export async function measureSplits(
  dataSet: DataSet,
  splits: readonly Split[],
  onStep: () => void,
): Promise<Measured[]> {
  const measured: Measured[] = []
  // One iterator, from which both take.
  const left = splits.entries()
  const work = async () => {
    for (const [i, split] of left) measured[i] = await measureInThread({ dataSet, split }, onStep)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  return measured
}

function measureInThread(task: SplitTask, onStep: () => void): Promise<Measured> {
  const worker = new Worker(new URL('./split-worker-entry.ts', import.meta.url), { workerData: task })
  return new Promise((resolve, reject) => {
    worker.on('message', (message: SplitMessage) => (message === 'step' ? onStep() : resolve(message)))
    worker.on('error', reject)
  })
}
