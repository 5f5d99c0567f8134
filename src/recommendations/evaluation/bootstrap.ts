/** Whether one method is better than another beyond chance. */
import { mulberry32 } from '../mulberry32.ts'
import { mean } from './metrics.ts'

export interface Comparison {
  /** The mean of the differences. */
  difference: number
  /** 95 of 100 means of resampled listeners lie between these two. */
  low: number
  high: number
}

const RESAMPLES = 10_000
const SEED = 1

/**
 * Paired bootstrap (Efron 1979): draws as many listeners as there are, with replacement, 10,000 times, and looks how the mean of
 * their differences varies. The first method is better where `low` is above 0.
 * @param first a figure of each listener by one method; `second`, of the same listeners by the other.
 */
export function pairedBootstrap(first: readonly number[], second: readonly number[]): Comparison {
  const differences = first.map((value, listener) => value - second[listener]!)
  const random = mulberry32(SEED)
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let i = 0; i < differences.length; i++) sum += differences[Math.floor(random() * differences.length)]!
    return sum / differences.length
  }).sort()
  return {
    difference: mean(differences),
    low: means[Math.floor(0.025 * RESAMPLES)]!,
    high: means[Math.ceil(0.975 * RESAMPLES) - 1]!,
  }
}
