/** The large chart of a page: values over time, with a crosshair, a table behind it, and what can be saved. */
import { lazy, Suspense, useId, useMemo, useState } from 'react'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Button } from '../../parts/button.tsx'
import { CsvButton } from '../../parts/csv-button.tsx'
import { saveFile } from '../../parts/save-file.ts'
import type { Parameters } from '../../requests/request.ts'
import { daysLabel } from '../axes/point-label.ts'
import { fileName } from '../file-name.ts'
import { texts } from '../texts.ts'
import type { GraphData } from './graph-data.ts'
import { Legend } from './legend.tsx'
import { pictureOf } from './picture.ts'
import { SeriesTable } from './series-table.tsx'
import styles from './time-graph.module.css'

// uPlot is larger than all the rest of a page: it comes when a graph is shown.
const Plot = lazy(() => import('./plot/plot.tsx'))

interface TimeGraphProps extends GraphData {
  /** What it shows, such as "Plays of Ana": its name for those who listen, and the title of the picture. */
  label: string
  /** The question whose answer is shown, which the service answers as CSV too. */
  csv?: { path: string; parameters: Parameters } | undefined
}

export function TimeGraph({ label, csv, ...given }: TimeGraphProps) {
  const data = useSame(given)
  const text = useTexts(texts)
  const [isTableOpen, setTableOpen] = useState(false)
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null)
  const tableId = useId()
  const savePicture = useSavePicture(canvas, label, data)
  return (
    <figure className={styles.graph}>
      <figcaption className="unseen">{label}</figcaption>
      <div className={styles.head} data-legend={data.series.length > 1 || data.earlier !== undefined}>
        <span className={styles.unit}>{data.measure.name}</span>
        <Legend series={data.series} earlier={data.earlier} />
      </div>
      <div className={styles.plot}>
        <Suspense fallback={<div className={styles.waiting} aria-busy="true" />}>
          <Plot data={data} label={label} onCanvas={setCanvas} />
        </Suspense>
      </div>
      <div className={styles.actions}>
        <Button
          aria-expanded={isTableOpen}
          aria-controls={tableId}
          aria-label={text.actionOn(text.table, label)}
          onClick={() => setTableOpen(!isTableOpen)}
        >
          {text.table}
        </Button>
        {csv && <CsvButton {...csv} what={label} />}
        <Button disabled={!canvas} aria-label={text.actionOn(text.png, label)} onClick={savePicture}>
          {text.png}
        </Button>
      </div>
      <div id={tableId}>{isTableOpen && <SeriesTable data={data} label={label} />}</div>
    </figure>
  )
}

/** The same object until one of its values is another one, so that a page that is rendered again draws nothing again. */
function useSame(data: GraphData): GraphData {
  // biome-ignore lint/correctness/useExhaustiveDependencies: its values are listed, as the object is always a new one
  return useMemo(
    () => data,
    [data.points, data.interval, data.tz, data.now, data.measure, data.series, data.earlier, data.marks, data.x],
  )
}

function useSavePicture(
  canvas: HTMLCanvasElement | null,
  label: string,
  { points, tz, measure, series, earlier }: GraphData,
) {
  const formats = useFormats()
  return async () => {
    const [first, last] = [points[0], points.at(-1)]
    if (!canvas || !first || !last) return
    const range = daysLabel(first.start, last.end, tz, formats)
    const picture = { title: label, subtitle: `${range} · ${measure.name}`, data: { series, earlier } }
    saveFile(await pictureOf(canvas, picture), fileName([label, range], 'png'))
  }
}
