/** The crosshair of a time graph: a line at one point, moved by pointer, finger or keys, with what is said of it. */
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react'
import uPlot from 'uplot'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { texts } from '../../texts.ts'
import type { GraphData } from '../graph-data.ts'
import { readoutsOf, spoken } from '../readout.ts'
import { ReadoutCard } from '../readout-card.tsx'
import styles from '../time-graph.module.css'
import { pointAfterKey } from './crosshair-keys.ts'
import type { Scene } from './scene.ts'

interface CrosshairProps {
  plot: uPlot
  /** Changes where places on the canvas may have. */
  drawing: number
  scene: Scene
  data: GraphData
  label: string
}

/**
 * An `application` with a live region, and no slider: its arrow keys reach the page in every screen reader too, and a value
 * of several series with dates is a sentence, which a slider would cut, or say twice beside a live region.
 */
export function Crosshair({ plot, drawing, scene, data, label }: CrosshairProps) {
  const text = useTexts(texts)
  const formats = useFormats()
  const readouts = useMemo(() => readoutsOf(data, scene, formats, text), [data, scene, formats, text])
  const [at, setAt] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const keysId = useId()

  const onPointer = (event: PointerEvent<HTMLElement>) => {
    if (scene.count > 0) setAt(pointUnder(plot, event, scene.count))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (scene.count === 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const next = pointAfterKey(event.key, at, { count: scene.count, latest: latestOf(scene) })
    if (next === undefined || (next === null && at === null)) return
    event.preventDefault()
    event.stopPropagation()
    setAt(next)
    setSaid(next === null ? '' : spoken(readouts(next), data.measure.name, text))
  }
  return (
    <>
      <div
        className={styles.crosshair}
        role="application"
        aria-roledescription={text.graph}
        aria-label={label}
        aria-describedby={keysId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move in an application
        tabIndex={0}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={event => event.pointerType === 'mouse' && setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={onKeyDown}
      >
        {at !== null && <Cursor key={drawing} plot={plot} at={at} scene={scene} />}
        {at !== null && <ReadoutCard readout={readouts(at)} isLeft={isInRightHalf(plot, at)} x={xOf(plot, at)} />}
      </div>
      <p id={keysId} className="unseen">
        {text.keysOfGraph}
      </p>
      <p className="unseen" aria-live="polite">
        {said}
      </p>
    </>
  )
}

function Cursor({ plot, at, scene }: { plot: uPlot; at: number; scene: Scene }) {
  const { top, height } = plot.bbox
  const values = [...scene.lines.map((line, i) => ({ value: line.values[at], colour: `var(--series-${i + 1})` }))]
  return (
    <>
      <span
        className={styles.cursor}
        style={{ left: xOf(plot, at), top: top / uPlot.pxRatio, height: height / uPlot.pxRatio }}
      />
      {values.map(
        ({ value, colour }) =>
          value !== null &&
          value !== undefined && (
            <span
              key={colour}
              className={styles.dot}
              style={{
                left: xOf(plot, at),
                top: top / uPlot.pxRatio + plot.valToPos(value, 'y'),
                borderColor: colour,
              }}
            />
          ),
      )}
    </>
  )
}

/** In CSS pixels from the left of the plot, its axis included. */
const xOf = (plot: uPlot, index: number): number => plot.bbox.left / uPlot.pxRatio + plot.valToPos(index, 'x')

const isInRightHalf = (plot: uPlot, index: number): boolean => xOf(plot, index) > plot.width / 2

function pointUnder(plot: uPlot, event: PointerEvent<HTMLElement>, count: number): number {
  const left = event.clientX - event.currentTarget.getBoundingClientRect().left - plot.bbox.left / uPlot.pxRatio
  return Math.min(count - 1, Math.max(0, Math.round(plot.posToVal(left, 'x'))))
}

/** The last point that has begun. */
const latestOf = ({ lines, count }: Scene): number => {
  const latest = Math.max(...lines.map(({ values }) => values.findLastIndex(value => value !== null)))
  return latest === -1 ? count - 1 : latest
}
