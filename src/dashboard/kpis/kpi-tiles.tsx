/** The six figures in a row, each with its change and its course; one of them is chosen for the graph. */
import { Sparkline } from '../graphs/sparkline/sparkline.tsx'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { Change } from '../parts/change.tsx'
import { Explain } from '../parts/explain.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import styles from './kpi-tiles.module.css'
import type { Kpis } from './kpis.ts'
import { METRICS, type Metric, useMetricFormats } from './metrics.ts'
import { texts } from './texts.ts'

interface KpiTilesProps {
  kpis: Kpis
  /** Milliseconds: when the figures were answered. */
  now: number
  metric: Metric
  onChoose: (metric: Metric) => void
}

export function KpiTiles({ metric, ...props }: KpiTilesProps) {
  return (
    <div className={styles.tiles}>
      {METRICS.map(each => (
        <Tile key={each} {...props} metric={each} isChosen={each === metric} />
      ))}
    </div>
  )
}

interface TileProps extends KpiTilesProps {
  isChosen: boolean
}

function Tile({ kpis, now, metric, isChosen, onChoose }: TileProps) {
  const t = useTexts(texts)
  const { format, short } = useMetricFormats()
  const name = t.metrics[metric]
  const value = kpis[metric]
  const { previous } = kpis
  const begun = (kpis.series ?? []).filter(point => Date.parse(point.start) <= now)
  const last = begun.at(-1)
  return (
    <div className={styles.tile} data-chosen={isChosen || undefined}>
      <div className={styles.name}>
        <button type="button" className={styles.choose} aria-pressed={isChosen} onClick={() => onChoose(metric)}>
          <span className="unseen">{t.showMetric(name)}</span>
          <span aria-hidden="true">{name}</span>
        </button>
        <Explain figure={metric} name={name} />
      </div>
      <div className={styles.value} title={format(metric, value)}>
        {value < COMPACT_FROM ? format(metric, value) : short(metric, value)}
      </div>
      <div className={styles.course}>
        {previous ? (
          <Change percent={previous.change[metric] ?? null} earlier={format(metric, previous[metric])} />
        ) : (
          <span />
        )}
        <Sparkline
          values={begun.map(point => point[metric])}
          isLastOpen={last !== undefined && Date.parse(last.end) > now}
        />
      </div>
      {metric === 'revenue' && <OtherCurrencies amounts={kpis.revenueByCurrency} />}
    </div>
  )
}

/** Figures from here on are written short, with the whole one as a title. */
const COMPACT_FROM = 1_000_000

/** Amounts of other currencies than that of `revenue`, which no rate of exchange adds to it. */
function OtherCurrencies({ amounts }: { amounts: Record<string, number> }) {
  const t = useTexts(texts)
  const { money } = useFormats()
  const all = Object.entries(amounts)
  if (all.length < 2) return null
  return (
    <p
      className={styles.currencies}
      title={t.currencies(all.map(([currency, amount]) => money(amount, currency)).join(', '))}
    >
      {all.map(([currency, amount]) => money(amount, currency)).join(' · ')}
    </p>
  )
}

export function KpiTilesSkeleton() {
  return (
    <div className={styles.tiles}>
      {METRICS.map(each => (
        <div key={each} className={styles.tile}>
          <Skeleton height="100%" />
        </div>
      ))}
    </div>
  )
}
