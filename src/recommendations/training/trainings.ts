/** Trains models in the background whenever it is due, and knows how that goes. */
import { rm } from 'node:fs/promises'
import { BackgroundLoop } from '../../concurrency/background-loop.ts'
import { type Clock, monotonicClock } from '../../concurrency/clock.ts'
import type { Instant, Seq } from '../../storage/storage.ts'
import type { ModelInfo } from '../model/model.ts'
import { TrainingSchedule } from './schedule.ts'
import type { TrainingTask } from './train.ts'
import { modelFile, trainingDataFile } from './training-files.ts'

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
  evaluation: null
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
    writeTrainingData(path: string, signal: AbortSignal): Promise<Seq>
  }
  /** Does one training, away from everything else. */
  train(task: TrainingTask, signal: AbortSignal): Promise<void>
  /** Whether it is for this instance, of several, to train. */
  isOurTurn: () => boolean
  /** Gives new models to the other instances; where that fails, so does the training. */
  publish(): Promise<void>
  now: () => Instant
  clock?: Clock
  /** Takes lines for the log. */
  announce: (line: string) => void
}

/** How often what may have become due is looked at while events come. */
const LOOK_MS = 1_000
/** Another instance may end any time. */
const TURN_MS = 3_000

export class Trainings {
  readonly counts: TrainingCounts = { succeeded: 0, failed: 0, lastMs: 0 }
  readonly #parts: TrainingParts
  readonly #loop: BackgroundLoop
  #state: TrainingState

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

  get state(): TrainingState {
    return this.#state
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
      evaluation: null,
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

  async #train(schedule: TrainingSchedule, signal: AbortSignal): Promise<void> {
    const { folder, figures, train, now, announce, publish } = this.#parts
    const begunAt = now()
    const { error, lastFailedAt } = this.#state
    this.#state = { state: 'training', since: begunAt, error, lastFailedAt }
    const dataPath = trainingDataFile(folder)
    try {
      const seq = await figures.writeTrainingData(dataPath, signal)
      await train({ dataPath, modelPath: modelFile(folder), seq, begunAt }, signal)
      await publish()
      const { tookMs } = await figures.loadModels()
      this.counts.succeeded++
      this.counts.lastMs = tookMs
      this.#state = { state: 'idle', since: now(), error: null, lastFailedAt }
    } catch (error) {
      if (signal.aborted) return
      schedule.noteFailure(now())
      this.counts.failed++
      const why = (error as Error).message
      this.#state = { state: 'failed', since: now(), error: why, lastFailedAt: now() }
      announce(`recommendations could not be trained, the last models stay: ${why}`)
    } finally {
      await rm(dataPath, { force: true }).catch(() => {})
    }
  }
}

const iso = (instant: Instant): string => new Date(instant).toISOString()
