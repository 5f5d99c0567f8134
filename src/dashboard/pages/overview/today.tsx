/** Today so far in a few large figures, against the same hours of the same weekday. */
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { PlatformKpis } from '../../../http/kpis.ts'
import { useLinks } from '../../address/paths.ts'
import { useView } from '../../address/view.ts'
import { type Metric, useMetricFormats } from '../../kpis/metrics.ts'
import { texts as kpiTexts } from '../../kpis/texts.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Answer } from '../../parts/answer.tsx'
import { buttonClass } from '../../parts/button.tsx'
import { Card } from '../../parts/card.tsx'
import { Change } from '../../parts/change.tsx'
import { Explain } from '../../parts/explain.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { comparisonOf } from './comparison.ts'
import { Hours } from './hours.tsx'
import { texts } from './texts.ts'
import styles from './today.module.css'

/** Beside the plays, which are the largest. */
const FURTHER = ['uniqueListeners', 'follows', 'revenue'] as const satisfies readonly Metric[]

export function Today({ query }: { query: UseQueryResult<PlatformKpis, Error> }) {
  const t = useTexts(texts)
  const links = useLinks()
  const { tz } = useView()
  const { dateParts } = useFormats()
  const at = query.dataUpdatedAt
  // Before there is an answer, the present moment: the note has its size from the first on.
  const until = at || Date.now()
  const day = dateParts(until, tz, { weekday: 'long', day: 'numeric', month: 'long' })
  return (
    <Card
      title={t.today}
      note={t.todayNote(day, dateParts(until, tz, { timeStyle: 'short' }))}
      actions={
        <Link
          className={buttonClass ?? ''}
          href={links.page('overview', { range: 'today', from: null, to: null, compare: 'weekday' })}
        >
          {t.hourByHour}
        </Link>
      }
    >
      <Answer query={query} skeleton={<TodaySkeleton />}>
        {kpis => (
          <div className={styles.today}>
            <Figures kpis={kpis} />
            <Hours kpis={kpis} now={at} />
          </div>
        )}
      </Answer>
    </Card>
  )
}

function Figures({ kpis }: { kpis: PlatformKpis }) {
  return (
    <div className={styles.figures}>
      <div className={styles.plays}>
        <Figure kpis={kpis} metric="plays" />
        <Comparison kpis={kpis} />
      </div>
      {FURTHER.map(metric => (
        <Figure key={metric} kpis={kpis} metric={metric} />
      ))}
    </div>
  )
}

function Figure({ kpis, metric }: { kpis: PlatformKpis; metric: Metric }) {
  const t = useTexts(kpiTexts)
  const { format } = useMetricFormats()
  const name = t.metrics[metric]
  const { previous } = kpis
  return (
    <div className={styles.figure}>
      <div className={styles.name}>
        {name} <Explain figure={metric} name={name} />
      </div>
      <div className={styles.value}>{format(metric, kpis[metric])}</div>
      {previous && metric !== 'plays' && (
        <Change percent={previous.change[metric] ?? null} earlier={format(metric, previous[metric])} />
      )}
    </div>
  )
}

/** Until when was counted then is where the earlier range ends. */
function Comparison({ kpis: { previous } }: { kpis: PlatformKpis }) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { dateParts, percent, number } = useFormats()
  const [start, end] = previous?.period?.split('/') ?? []
  if (!previous || start === undefined || end === undefined) return null
  const day = dateParts(start, tz, { weekday: 'long' })
  const time = dateParts(end, tz, { timeStyle: 'short' })
  const change = previous.change.plays ?? null
  return (
    <p className={styles.comparison}>
      <Sign percent={change} /> {comparisonOf(change, { day, time }, { t, format: percent })}
      {change !== null && <span className={styles.earlier}> ({number(previous.plays)})</span>}
    </p>
  )
}

function Sign({ percent }: { percent: number | null }) {
  if (!percent) return null
  return (
    <span className={percent > 0 ? styles.up : styles.down} aria-hidden="true">
      {percent > 0 ? '▲' : '▼'}
    </span>
  )
}

function TodaySkeleton() {
  return (
    <div className={styles.today}>
      <div className={styles.figures}>
        <Skeleton height="100%" />
        {FURTHER.map(metric => (
          <Skeleton key={metric} height="100%" width="5.5rem" />
        ))}
      </div>
      <Skeleton height="100%" />
    </div>
  )
}
