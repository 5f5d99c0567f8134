/** Threads of their own for a training and for its evaluation. */
import { Worker } from 'node:worker_threads'
import type { EvaluationTask } from '../recommendations/training/evaluate.ts'
import type { TrainingTask } from '../recommendations/training/train.ts'

/** Arrays of numbers are outside this heap, which has the texts of ids. */
const HEAP = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 }

/** Resolves when the models are written. @throws Error why there are none */
export const trainInThread = (task: TrainingTask, signal: AbortSignal): Promise<void> => run('training', task, signal)

/** Resolves when the evaluation is written. @throws Error why there is none */
export const evaluateInThread = (task: EvaluationTask, signal: AbortSignal): Promise<void> =>
  run('evaluation', task, signal)

/** Resolves when the thread has ended. Its error, or its want of memory, is a failure of this one task. */
function run(name: 'training' | 'evaluation', workerData: unknown, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const entry = new URL(`./${name}-worker-entry.ts`, import.meta.url)
  const worker = new Worker(entry, { workerData, resourceLimits: HEAP })
  const end = () => void worker.terminate()
  signal.addEventListener('abort', end, { once: true })
  worker.on('error', reject)
  worker.on('exit', code => {
    signal.removeEventListener('abort', end)
    if (code === 0 && !signal.aborted) resolve()
    else reject(new Error(`the ${name} ended with code ${code}`))
  })
  if (signal.aborted) end()
  return promise
}
