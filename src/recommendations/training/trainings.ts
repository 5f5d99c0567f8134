/** Trains models in the background whenever it is due, and knows how that goes. */
import { readFile, rm } from 'node:fs/promises'
import { BackgroundLoop } from '../../concurrency/background-loop.ts'
import { type Clock, monotonicClock } from '../../concurrency/clock.ts'
import type { Instant, Seq } from '../../storage/storage.ts'
import type { ModelInfo } from '../model/model.ts'
import type { Evaluation, EvaluationTask } from './evaluate.ts'
import { ALL_TIME, type TrainingEvents } from './read-training-data.ts'
import { TrainingSchedule } from './schedule.ts'
import type { TrainingTask } from './train.ts'
import { evaluationFile, heldOutFiles, modelFile, trainingDataFile } from './training-files.ts'

export interface TrainingState {
  state: 'idle' | 'training' | 'failed'
  /** When it came to be so. */
  since: Instant
  /** Why the last training failed; null where it did not. */
  error: string | null
  lastFailedAt: Instant | null
}

/** Instants as ISO 8601 in UTC; all of the model is null where there is none. */
export interface ModelState extends Pick<ModelInfo, 'kinds'> {
  version: string | null
  trainedAt: string | null
  seq: Seq | null
  tookMs: number | null
  training: { state: TrainingState['state']; since: string; error: string | null; lastFailedAt: string | null }
  evaluation: Evaluation | null
}

export interface TrainingCounts {
  succeeded: number
  failed: number
  /** How long the last one took that succeeded. */
  lastMs: number
}

export interface TrainingParts {
  /** Where the files are. */
  folder: string
  /** null: this instance trains nothing. */
  everyHours: number | null
  figures: {
    status(): Promise<{ isComplete: boolean; counted: Seq }>
    modelInfo(): Promise<ModelInfo | null>
    loadModels(): Promise<ModelInfo>
    trainingExtent(): Promise<{ upTo: Seq; heldOutFrom: Instant | null }>
    writeTrainingData(path: string, events: TrainingEvents, signal: AbortSignal): Promise<void>
  }
  /** Do their work away from everything else. */
  train(task: TrainingTask, signal: AbortSignal): Promise<void>
  evaluate(task: EvaluationTask, signal: AbortSignal): Promise<void>
  /** Whether it is for this instance, of several, to train. */
  isOurTurn: () => boolean
  /** Gives new models to the other instances; where that fails, so does the training. */
  publish(): Promise<void>
  now: () => Instant
  clock?: Clock
  /** Takes lines for the log. */
  announce: (line: string) => void
}

type Extent = Awaited<ReturnType<TrainingParts['figures']['trainingExtent']>>

/** How often what may have become due is looked at while events come. */
const LOOK_MS = 1_000
/** Another instance may end any time. */
const TURN_MS = 3_000

export class Trainings {
  readonly counts: TrainingCounts = { succeeded: 0, failed: 0, lastMs: 0 }
  readonly #parts: TrainingParts
  readonly #loop: BackgroundLoop
  #state: TrainingState
  #isBusy = false

  constructor(parts: TrainingParts) {
    this.#parts = parts
    this.#state = { state: 'idle', since: parts.now(), error: null, lastFailedAt: null }
    const schedule = parts.everyHours === null ? null : new TrainingSchedule(parts.everyHours)
    this.#loop = new BackgroundLoop({
      step: signal => (schedule ? this.#step(schedule, signal) : Promise.resolve(Number.POSITIVE_INFINITY)),
      // The store does not answer now.
      retryMs: () => TURN_MS,
      clock: parts.clock ?? monotonicClock,
    })
  }

  /** Whether a training, or the evaluation after it, is under way. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** What answers are made with, and how training goes, as clients see it. */
  async about(): Promise<ModelState> {
    const info = await this.#parts.figures.modelInfo()
    // Where there was too little to learn from, a training gives no model.
    const isModel = info !== null && info.kinds.length > 0
    const { state, since, error, lastFailedAt } = this.#state
    return {
      version: isModel ? info.version : null,
      trainedAt: isModel ? info.trainedAt : null,
      seq: isModel ? info.seq : null,
      tookMs: isModel ? info.tookMs : null,
      kinds: info?.kinds ?? [],
      training: { state, since: iso(since), error, lastFailedAt: lastFailedAt === null ? null : iso(lastFailedAt) },
      evaluation: await readEvaluation(this.#parts.folder),
    }
  }

  start(): void {
    this.#loop.start()
  }

  onEventsCounted(): void {
    this.#loop.wake(LOOK_MS)
  }

  /** Gives a training up that is under way. */
  close(): Promise<void> {
    return this.#loop.stop()
  }

  async #step(schedule: TrainingSchedule, signal: AbortSignal): Promise<number> {
    const { figures, isOurTurn, now } = this.#parts
    const { isComplete, counted } = await figures.status()
    if (!isComplete) return LOOK_MS
    const info = await figures.modelInfo()
    const trained = info && { seq: info.seq, at: Date.parse(info.trainedAt) }
    const dueMs = schedule.dueIn(now(), counted, trained)
    if (dueMs > 0) return dueMs
    if (!isOurTurn()) return TURN_MS
    await this.#train(schedule, signal)
    return LOOK_MS
  }

  /** Tests the models; that it fails is no failure of theirs. */
  async #evaluate(version: string, { upTo, heldOutFrom }: Extent, signal: AbortSignal): Promise<void> {
    const { folder, figures, evaluate, publish, announce } = this.#parts
    if (heldOutFrom === null) return
    const files = heldOutFiles(folder)
    try {
      const before = { upTo, time: { ...ALL_TIME, to: heldOutFrom } }
      const after = { upTo, time: { ...ALL_TIME, from: heldOutFrom } }
      await figures.writeTrainingData(files.beforePath, before, signal)
      await figures.writeTrainingData(files.afterPath, after, signal)
      await evaluate({ ...files, path: evaluationFile(folder), version, from: iso(heldOutFrom) }, signal)
      await publish()
    } catch (error) {
      if (!signal.aborted) announce(`recommendations could not be evaluated: ${(error as Error).message}`)
    } finally {
      for (const path of Object.values(files)) await rm(path, { force: true }).catch(() => {})
    }
  }

  async #train(schedule: TrainingSchedule, signal: AbortSignal): Promise<void> {
    const { folder, figures, train, now, announce, publish } = this.#parts
    const begunAt = now()
    this.#isBusy = true
    const { error, lastFailedAt } = this.#state
    this.#state = { state: 'training', since: begunAt, error, lastFailedAt }
    const dataPath = trainingDataFile(folder)
    try {
      const extent = await figures.trainingExtent()
      await figures.writeTrainingData(dataPath, { upTo: extent.upTo, time: ALL_TIME }, signal)
      await train({ dataPath, modelPath: modelFile(folder), seq: extent.upTo, begunAt }, signal)
      await publish()
      const { tookMs, version } = await figures.loadModels()
      this.counts.succeeded++
      this.counts.lastMs = tookMs
      this.#state = { state: 'idle', since: now(), error: null, lastFailedAt }
      await this.#evaluate(version, extent, signal)
    } catch (error) {
      if (signal.aborted) return
      schedule.noteFailure(now())
      this.counts.failed++
      const why = (error as Error).message
      this.#state = { state: 'failed', since: now(), error: why, lastFailedAt: now() }
      announce(`recommendations could not be trained, the last models stay: ${why}`)
    } finally {
      this.#isBusy = false
      await rm(dataPath, { force: true }).catch(() => {})
    }
  }
}

const iso = (instant: Instant): string => new Date(instant).toISOString()

/** null where there is none. */
async function readEvaluation(folder: string): Promise<Evaluation | null> {
  const text = await readFile(evaluationFile(folder), 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as Evaluation)
}
