/** What is shown of numbers of listeners: plays a listener, and a funnel. Pure. */
import type { RangeListeners, Reached } from './listeners.ts'

/** How many listeners played at least `from` and at most `to` times; `to` is null where there is no most. */
export interface HistogramBucket {
  from: number
  to: number | null
  listeners: number
}

export interface PlaysPerListener {
  /** Rounded to two decimals; 0 without listeners. */
  mean: number
  /** The mean of the two in the middle where their number is even; 0 without listeners. */
  median: number
  histogram: HistogramBucket[]
}

/** The least plays of each bucket: it ends before the next one. */
const BUCKETS = [1, 2, 3, 6, 11, 21, 51, 101]

/** Of numbers of plays, ascending, and how many listeners have each. */
export function playsPerListener(byPlays: RangeListeners['byPlays']): PlaysPerListener {
  const listeners = byPlays.reduce((sum, row) => sum + row.listeners, 0)
  const plays = byPlays.reduce((sum, row) => sum + row.plays * row.listeners, 0)
  const histogram = BUCKETS.map((from, i): HistogramBucket => {
    const to = i + 1 < BUCKETS.length ? BUCKETS[i + 1]! - 1 : null
    const within = byPlays.filter(row => row.plays >= from && row.plays <= (to ?? row.plays))
    return { from, to, listeners: within.reduce((sum, row) => sum + row.listeners, 0) }
  })
  if (listeners === 0) return { mean: 0, median: 0, histogram }
  const [lower, upper] = [Math.ceil(listeners / 2), Math.floor(listeners / 2) + 1].map(place => atPlace(byPlays, place))
  return { mean: rounded(plays / listeners), median: (lower! + upper!) / 2, histogram }
}

/** The plays of the listener at a place, from 1, when listeners are in the order of their plays. */
function atPlace(byPlays: RangeListeners['byPlays'], place: number): number {
  let passed = 0
  const row = byPlays.find(({ listeners }) => {
    passed += listeners
    return passed >= place
  })
  return row!.plays
}

/** A step contains only people of the step before it. */
export interface FunnelStep {
  step: 'listened' | keyof Reached
  people: number
  /** Rounded to two decimals; null for the first step, and where there is nobody in the step before. */
  percentOfStepBefore: number | null
}

export function funnelOf(listened: number, { liked, followed, bought }: Reached): FunnelStep[] {
  const steps = Object.entries({ listened, liked, followed, bought }) as [FunnelStep['step'], number][]
  return steps.map(([step, people], i) => {
    const before = steps[i - 1]?.[1] ?? 0
    return { step, people, percentOfStepBefore: before === 0 ? null : rounded((people / before) * 100) }
  })
}

const rounded = (number: number): number => Math.round(number * 100) / 100
