/** What is said of one point of a graph: at the crosshair, to those who listen, and in a row of the table. Pure. */

import type { Formats } from '../../language/formats.ts'
import { pointLabel } from '../axes/point-label.ts'
import type { ReadoutTexts } from '../texts.ts'
import { type GraphData, type Line, type Lines, type Mark, marksByPoint } from './graph-data.ts'

export interface ReadoutValue {
  name: string
  value: string
  /** Its own date, where it is not that of the point. */
  when: string | undefined
  isOpen: boolean
}

export interface Readout {
  when: string
  /** In the order of the series. */
  values: ReadoutValue[]
  earlier: ReadoutValue | undefined
  /** Since the earlier range; undefined where the point is not over, or there was nothing, or less, before. */
  change: string | undefined
  marks: readonly Mark[]
}

type ReadoutFormats = Pick<Formats, 'date' | 'dateTime' | 'dateParts' | 'change'>

/** The readout of each point, by its index. */
export function readoutsOf(
  data: GraphData,
  { lines, earlier }: Lines,
  formats: ReadoutFormats,
  texts: ReadoutTexts,
): (index: number) => Readout {
  const marks = marksByPoint(data.points, data.marks ?? [])
  const label = (line: Pick<Line, 'points'>, index: number) => {
    const point = line.points[index]
    return point && pointLabel(point, data.interval, data.tz, formats)
  }
  const valueAt = (line: Line, index: number): ReadoutValue => {
    const value = line.values[index]
    return {
      name: line.name,
      value: value === null || value === undefined ? texts.none : data.measure.format(value),
      when: line.points === data.points ? undefined : label(line, index),
      isOpen: line.open === index,
    }
  }
  return index => ({
    when: (data.x === 'days' ? texts.day(index + 1) : label(data, index)) ?? '',
    values: lines.map(line => valueAt(line, index)),
    earlier: earlier && valueAt(earlier, index),
    change: earlier && changeAt(lines[0]!, earlier, index, formats),
    marks: marks.get(index) ?? [],
  })
}

function changeAt(line: Line, earlier: Line, index: number, { change }: Pick<Formats, 'change'>): string | undefined {
  const [now, before] = [line.values[index], earlier.values[index]]
  const isComparable = before !== null && before !== undefined && before > 0 && line.open !== index
  if (now === null || now === undefined || !isComparable) return undefined
  return change(((now - before) / before) * 100)
}

/** A sentence for the live region. */
export function spoken(readout: Readout, measure: string, texts: ReadoutTexts): string {
  const isOnly = readout.values.length === 1
  const values = readout.values.map(({ name, value, isOpen }) => {
    const said = isOnly ? `${value} ${measure}` : `${name}: ${value}`
    return isOpen ? `${said} (${texts.notOver})` : said
  })
  const earlier = readout.earlier && texts.spokenEarlier(readout.earlier.value, readout.earlier.when ?? '')
  return [readout.when, ...values, earlier, readout.change, ...readout.marks.map(({ label }) => label)]
    .filter(Boolean)
    .join('. ')
}
