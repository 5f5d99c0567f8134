/** What the events that are shown add up to, beside the figure that all of them make. */
import type { CountedEventPage } from '../../../../http/artist-events.ts'
import { useView } from '../../../address/view.ts'
import type { Kpis } from '../../../kpis/kpis.ts'
import { type Metric, useDefaultCurrency, useMetricFormats } from '../../../kpis/metrics.ts'
import { texts as kpiTexts } from '../../../kpis/texts.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import { sumOf } from './event-sum.ts'
import styles from './events.module.css'
import { texts } from './texts.ts'

interface EventsSumProps {
  path: string
  metric: Metric
  pages: readonly CountedEventPage[]
}

export function EventsSum({ path, metric, pages }: EventsSumProps) {
  const t = useTexts(texts)
  const { metrics } = useTexts(kpiTexts)
  const { number } = useFormats()
  const { format } = useMetricFormats()
  const currency = useDefaultCurrency()
  const { comparedQuery, interval } = useView()
  // The same question as that of the figures above, so that it is asked once.
  const { data: kpis } = useAnswer<Kpis>(`${path}/kpis`, { ...comparedQuery, interval })
  const events = pages.flatMap(({ items }) => items)
  const sum = format(metric, sumOf(metric, events, currency))
  return (
    <div className={styles.sum}>
      {t.sum(number(events.length), sum, kpis ? format(metric, kpis[metric]) : '…')}{' '}
      {pages.at(-1)?.nextCursor === null ? t.isAll : t.notAll} <Explain figure={metric} name={metrics[metric]} />
    </div>
  )
}
