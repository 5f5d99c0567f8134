/** The six figures of an artist, a release or the platform, and one large graph of the one that is chosen. */
import { type ReactNode, useMemo } from 'react'
import { useChoice, wordAfter } from '../address/parameters.ts'
import { useView, type View } from '../address/view.ts'
import type { Mark } from '../graphs/time-graph/graph-data.ts'
import { TimeGraphSkeleton } from '../graphs/time-graph/skeleton.tsx'
import { TimeGraph } from '../graphs/time-graph/time-graph.tsx'
import { useTexts } from '../language/language.tsx'
import { useShortcuts } from '../layout/shortcuts.tsx'
import { texts as layoutTexts } from '../layout/texts.ts'
import { Answer } from '../parts/answer.tsx'
import { Choices } from '../parts/choices.tsx'
import { useAnswer } from '../requests/queries.ts'
import styles from './kpi-panel.module.css'
import { KpiTiles, KpiTilesSkeleton } from './kpi-tiles.tsx'
import type { Kpis } from './kpis.ts'
import { METRICS, type Metric, useMetricFormats } from './metrics.ts'
import { texts } from './texts.ts'

interface KpiPanelProps {
  /** The path of the API that answers with the figures. */
  path: string
  /** Whose figures they are, for those who listen and for what is saved. */
  of: string
  /** What happened in the range, such as releases. */
  marks?: readonly Mark[]
  /** What stands at the end of the row above the graph, such as a link to the events behind the figures. */
  actions?: ReactNode
}

export function KpiPanel({ path, of, marks = NO_MARKS, actions }: KpiPanelProps) {
  const t = useTexts(texts)
  const view = useView()
  const [metric, setMetric] = useChoice('metric', METRICS)
  useKeys(view, metric, setMetric)
  const parameters = { ...view.comparedQuery, interval: view.interval }
  const query = useAnswer<Kpis>(path, parameters, { isFirst: true })
  return (
    <section className={styles.panel} aria-label={`${t.title}: ${of}`}>
      <Answer query={query} skeleton={<PanelSkeleton actions={actions} view={view} />} isFirst>
        {kpis => (
          <>
            <KpiTiles kpis={kpis} now={query.dataUpdatedAt} metric={metric} onChoose={setMetric} />
            <div className={styles.graph}>
              <div className={styles.bar}>
                {actions}
                <IntervalChoice view={view} />
              </div>
              <KpiGraph
                kpis={kpis}
                metric={metric}
                marks={marks}
                of={of}
                now={query.dataUpdatedAt}
                csv={{ path, parameters }}
              />
            </div>
          </>
        )}
      </Answer>
    </section>
  )
}

const NO_MARKS: readonly Mark[] = []

interface KpiGraphProps {
  kpis: Kpis
  metric: Metric
  marks: readonly Mark[]
  of: string
  /** Milliseconds: when the figures were answered. */
  now: number
  csv: { path: string; parameters: Record<string, string | undefined> }
}

function KpiGraph({ kpis, metric, marks, of, now, csv }: KpiGraphProps) {
  const t = useTexts(texts)
  const { tz, interval, compare } = useView()
  const { format, currency } = useMetricFormats()
  const name = t.metrics[metric]
  const data = useMemo(() => {
    const points = kpis.series ?? []
    const earlierPoints = kpis.previous?.series
    return {
      points,
      series: [{ name, values: points.map(point => point[metric]) }],
      ...(compare !== 'none' &&
        earlierPoints && {
          earlier: {
            name: t.earlier[compare],
            values: earlierPoints.map(point => point[metric]),
            points: earlierPoints,
          },
        }),
    }
  }, [kpis, metric, name, compare, t])
  const measure = useMemo(
    () => ({
      name: metric === 'revenue' && currency !== undefined ? `${name} (${currency})` : name,
      format: (value: number) => format(metric, value),
      isWhole: metric !== 'revenue',
    }),
    [name, currency, format, metric],
  )
  return (
    <>
      <TimeGraph
        label={`${name}: ${of}`}
        {...data}
        measure={measure}
        interval={interval}
        tz={tz}
        now={new Date(now).toISOString()}
        marks={marks}
        csv={csv}
      />
      {kpis.clipped && <p className={styles.note}>{t.clipped}</p>}
    </>
  )
}

function IntervalChoice({ view: { interval, intervals, change } }: { view: View }) {
  const t = useTexts(layoutTexts)
  if (intervals.length === 1) return null
  return (
    <Choices
      label={t.interval}
      words={intervals}
      nameOf={each => t.intervals[each]}
      value={interval}
      onChange={each => change({ interval: each })}
    />
  )
}

function useKeys({ interval, intervals, change }: View, metric: Metric, setMetric: (metric: Metric) => void): void {
  const t = useTexts(texts)
  const layout = useTexts(layoutTexts)
  useShortcuts(
    useMemo(
      () => [
        { keys: 'm', does: t.nextMetric, run: () => setMetric(wordAfter(METRICS, metric)) },
        { keys: 'i', does: layout.key.interval, run: () => change({ interval: wordAfter(intervals, interval) }) },
      ],
      [t, layout, interval, intervals, change, metric, setMetric],
    ),
  )
}

/** The choices are there at once: they need no answer. */
function PanelSkeleton({ actions, view }: { actions: ReactNode; view: View }) {
  return (
    <>
      <KpiTilesSkeleton />
      <div className={styles.graph}>
        <div className={styles.bar}>
          {actions}
          <IntervalChoice view={view} />
        </div>
        <TimeGraphSkeleton />
      </div>
    </>
  )
}
