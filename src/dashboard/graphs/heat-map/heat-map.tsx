/** A figure by weekday and hour: 7 rows of 24 cells. It is a table, so that those who listen have every value. */
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { texts } from '../texts.ts'
import { type CellPlace, cellAfterKey, gridOf, type HeatCell, STEPS, stepOf } from './heat-cells.ts'
import styles from './heat-map.module.css'
import { HeatRow } from './heat-row.tsx'
import { useHourNames } from './hour-names.ts'

interface HeatMapProps {
  /** What it shows, for those who listen. */
  label: string
  /** Cells that are not given are of value 0. */
  cells: readonly HeatCell[]
  /** With the unit: "12 plays". */
  format: (value: number) => string
}

export function HeatMap({ label, cells, format }: HeatMapProps) {
  const text = useTexts(texts)
  const { weekday, hour, time } = useHourNames()
  const { percent } = useFormats()
  const grid = useMemo(() => gridOf(cells), [cells])
  const values = grid.flat()
  const highest = Math.max(...values)
  const total = values.reduce((sum, value) => sum + value, 0)
  const [at, setAt] = useState<CellPlace | null>(null)
  const table = useRef<HTMLTableElement>(null)

  const said = ({ day, hour }: CellPlace) => {
    const value = grid[day]![hour]!
    const share = total > 0 && value > 0 ? ` · ${percent(value / total)}` : ''
    return `${weekday(day, 'long')}, ${time(hour)}: ${format(value)}${share}`
  }
  const focus = ({ day, hour }: CellPlace) => table.current?.rows[day + 1]?.cells[hour + 1]?.focus()
  const onKeyDown = (event: KeyboardEvent) => {
    const next = at && cellAfterKey(event.key, at)
    if (!next) return
    event.preventDefault()
    focus(next)
  }
  const onPointer = (event: PointerEvent) => setAt(placeUnder(event))
  return (
    <div className={styles.heatMap}>
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrow keys move over the cells of a grid
        role="grid"
        aria-label={label}
        aria-readonly="true"
        onKeyDown={onKeyDown}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={event => event.pointerType === 'mouse' && setAt(null)}
      >
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{text.weekday}</span>
            </th>
            {grid[0]!.map((_, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
              <th key={place} scope="col" className={styles.hour}>
                <span>{hour(place)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.map((row, day) => (
            <HeatRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a weekday is its place
              key={day}
              name={weekday(day, 'short')}
              values={row}
              steps={row.map(value => stepOf(value, highest))}
              format={format}
              at={at?.day === day ? at.hour : null}
              entry={day === (at?.day ?? 0) ? (at?.hour ?? 0) : null}
              onFocus={hour => setAt({ day, hour })}
            />
          ))}
        </tbody>
      </table>
      <div className={styles.foot}>
        <p className={styles.readout}>{at ? said(at) : text.chooseCell}</p>
        <p className={styles.scale} aria-hidden="true">
          {text.less}
          {Array.from({ length: STEPS + 1 }, (_, step) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            <span key={step} className={styles.sample} data-step={step} />
          ))}
          {text.more}
        </p>
      </div>
    </div>
  )
}

function placeUnder({ clientX, clientY }: PointerEvent): CellPlace | null {
  const cell = document.elementFromPoint(clientX, clientY)?.closest('td')
  const row = cell?.closest('tr')
  return cell && row ? { day: row.rowIndex - 1, hour: cell.cellIndex - 1 } : null
}
