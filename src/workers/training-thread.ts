/** Starts a thread for one training. */
import { Worker } from 'node:worker_threads'
import type { TrainingTask } from '../recommendations/training/train.ts'

/** Arrays of numbers are outside this heap, which has the texts of ids. */
const HEAP = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 }

/**
 * Resolves when the models are written and the thread has ended. An error of the thread, or its want of memory, is a failure of
 * the training alone.
 * @throws Error why there are no new models
 */
export function trainInThread(task: TrainingTask, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const entry = new URL('./training-worker-entry.ts', import.meta.url)
  const worker = new Worker(entry, { workerData: task, resourceLimits: HEAP })
  const end = () => void worker.terminate()
  signal.addEventListener('abort', end, { once: true })
  worker.on('error', reject)
  worker.on('exit', code => {
    signal.removeEventListener('abort', end)
    if (code === 0 && !signal.aborted) resolve()
    else reject(new Error(`the training ended with code ${code}`))
  })
  if (signal.aborted) end()
  return promise
}
