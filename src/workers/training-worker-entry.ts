/** The thread of one training: it ends when its models are written. */
import { workerData } from 'node:worker_threads'
import { type TrainingTask, train } from '../recommendations/training/train.ts'

await train(workerData as TrainingTask)
