/**
 * The rhythm of an artist as a plain scan of the artist's events gives it, by the clock times that are written down for each:
 * the measure of `src/statistics/rhythm.ts`, of which nothing but types is used here.
 */
import type { Rhythm, RhythmQuestion } from '../../src/statistics/rhythm.ts'
import { type Naive, period, within } from './naive.ts'
import { labelOf, type NaiveRange, naivePrevious, naiveRange } from './naive-calendar.ts'
import type { NaiveEvent } from './naive-rules.ts'

export function naiveRhythm(naive: Naive, question: RhythmQuestion, now: number): Rhythm {
  const { artistId, startDate, endDate, compare } = question
  const tz = question.tz ?? 'UTC'
  const events = naive.eventsOf(artistId)
  const range = naiveRange(startDate, endDate, tz)
  const figures = figuresOf(events, range, tz)
  const answer: Rhythm = { artistId, period: startDate || endDate ? period(range, tz) : null, ...figures }
  if (!compare) return answer
  const before = naivePrevious(range, startDate, endDate, tz, now, compare)
  if (!before) return { ...answer, previous: null }
  const then = figuresOf(events, before, tz)
  const change = (earlier: number, later: number) =>
    earlier === 0 ? null : Math.round(((later - earlier) / earlier) * 10_000) / 100
  const cells = then.cells.map((cell, i) => ({ ...cell, change: change(cell.plays, figures.cells[i]?.plays ?? 0) }))
  const previous = { ...then, cells, period: period(before, tz), change: { total: change(then.total, figures.total) } }
  return { ...answer, previous }
}

function figuresOf(events: readonly NaiveEvent[], range: NaiveRange, tz: string) {
  const shown = within(events, range)
    .filter(({ measure }) => measure === 'plays')
    .flatMap(({ at, credits }) => credits.map(() => wallOf(at, tz)))
  const cells = [1, 2, 3, 4, 5, 6, 7].flatMap(weekday =>
    Array.from({ length: 24 }, (_, hour) => {
      const plays = shown.filter(wall => wall.weekday === weekday && wall.hour === hour).length
      return { weekday, hour, plays }
    }),
  )
  const peak = cells.toSorted((a, b) => b.plays - a.plays)[0]
  return { total: shown.length, peak: shown.length > 0 && peak ? peak : null, cells }
}

function wallOf(at: number, tz: string): { weekday: number; hour: number } {
  const wall = labelOf(at, 'hour', tz)
  // JavaScript has Sunday as day 0.
  return { weekday: new Date(wall.slice(0, 10)).getUTCDay() || 7, hour: Number(wall.slice(11, 13)) }
}
