/** The memory of the service, once a second, and how fast it grows while one process runs. */
import { memoryOf } from '../../bench/memory.ts'

const EVERY_MS = 1000
/** Fewer samples say nothing of a slope. */
const FEWEST_SAMPLES = 10

export interface Sample {
  /** Seconds since the process was ready. */
  at: number
  mb: number
}

export class MemoryWatch {
  maxMb = 0
  /** The samples of the process that ran longest. */
  longest: readonly Sample[] = []
  #timer: NodeJS.Timeout | undefined

  /** A process that has just become ready. */
  begin(pid: number): void {
    this.end()
    const samples: Sample[] = []
    const begun = performance.now()
    this.#timer = setInterval(() => {
      try {
        const { residentMb, peakMb } = memoryOf(pid)
        samples.push({ at: (performance.now() - begun) / 1000, mb: residentMb })
        this.maxMb = Math.max(this.maxMb, peakMb)
      } catch {
        // It has just ended, and nobody has told yet.
      }
      if (samples.length > this.longest.length) this.longest = samples
    }, EVERY_MS)
  }

  end(): void {
    clearInterval(this.#timer)
  }
}

/** The slope of the line through the samples with the least squares, in MB a minute; undefined for too few of them. */
export function slope(samples: readonly Sample[]): number | undefined {
  if (samples.length < FEWEST_SAMPLES) return undefined
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, each) => sum + of(each), 0) / samples.length
  const [at, mb] = [mean(sample => sample.at), mean(sample => sample.mb)]
  const covariance = mean(sample => (sample.at - at) * (sample.mb - mb))
  return (covariance / mean(sample => (sample.at - at) ** 2)) * 60
}
