/** The thread of one evaluation: it ends when that is written. */
import { workerData } from 'node:worker_threads'
import { type EvaluationTask, evaluate } from '../recommendations/training/evaluate.ts'

await evaluate(workerData as EvaluationTask)
