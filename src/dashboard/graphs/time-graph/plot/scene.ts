/** All that the drawing of a graph needs, made once for its data. */

import type { Formats } from '../../../language/formats.ts'
import { dateTicks, dayTicks, type Tick } from '../../axes/date-ticks.ts'
import { valueTicks } from '../../axes/value-ticks.ts'
import type { Colours } from '../../colours.ts'
import { type GraphData, type Lines, linesOf, type Mark, marksByPoint } from '../graph-data.ts'

/** Up to so many points of a single series are bars. */
const MOST_BARS = 14
/** CSS pixels between two dates at the axis. */
const TICK_SPACE = 58
/** With more points, a line of the usual width would be one dark area. */
const DENSE = 800

export interface Scene extends Lines {
  count: number
  marks: ReadonlyMap<number, Mark[]>
  valueTicks: readonly number[]
  /** For a width in CSS pixels. */
  dateTicks: (width: number) => readonly Tick[]
  formatTick: (value: number) => string
  isBars: boolean
  isDense: boolean
}

/** A scene with the colours of the theme. */
export interface ColouredScene extends Scene {
  colours: Colours
  /** The family of the page's text. */
  font: string
}

export function sceneOf(data: GraphData, formats: Formats, dayLabel: (day: number) => string): Scene {
  const { points, interval, tz, measure } = data
  const { lines, earlier } = linesOf(data)
  const count = points.length
  const values = [...lines, ...(earlier ? [earlier] : [])].flatMap(line => line.values.filter(value => value !== null))
  return {
    count,
    lines,
    earlier,
    marks: marksByPoint(points, data.marks ?? []),
    valueTicks: valueTicks(values, measure.isWhole),
    dateTicks: keepingLast(most => {
      if (count === 0) return []
      return data.x === 'days' ? dayTicks(count, most, dayLabel) : dateTicks(points, { interval, tz, most, formats })
    }),
    formatTick: formats.compact,
    isBars: lines.length === 1 && count <= MOST_BARS,
    isDense: count > DENSE,
  }
}

/** The axis asks for its ticks several times in each drawing. */
function keepingLast(ticks: (most: number) => Tick[]): (width: number) => Tick[] {
  let last: { most: number; ticks: Tick[] } | undefined
  return width => {
    const most = Math.max(1, Math.floor(width / TICK_SPACE))
    if (last?.most !== most) last = { most, ticks: ticks(most) }
    return last.ticks
  }
}
