/** The plays of the last 48 hours by minute. */
import { useMemo } from 'react'
import { useView } from '../../address/view.ts'
import { TimeGraphSkeleton } from '../../graphs/time-graph/skeleton.tsx'
import { TimeGraph } from '../../graphs/time-graph/time-graph.tsx'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Answer } from '../../parts/answer.tsx'
import { Card } from '../../parts/card.tsx'
import { texts } from './texts.ts'
import { HISTORY, useHistory } from './use-history.ts'

export function LastHours() {
  const t = useTexts(texts)
  const { tz } = useView()
  const { number } = useFormats()
  const query = useHistory()
  const points = query.data?.series
  const series = useMemo(() => [{ name: t.plays, values: (points ?? []).map(({ plays }) => plays) }], [points, t])
  const measure = useMemo(() => ({ name: t.plays, format: number, isWhole: true }), [t, number])
  return (
    <Card title={t.history} note={t.historyNote}>
      <Answer query={query} skeleton={<TimeGraphSkeleton />}>
        {({ series: points }) => (
          <TimeGraph
            label={`${t.history}: ${t.historyNote}`}
            points={points}
            series={series}
            measure={measure}
            interval="minute"
            tz={tz}
            now={new Date(query.dataUpdatedAt).toISOString()}
            csv={HISTORY_CSV}
          />
        )}
      </Answer>
    </Card>
  )
}

const HISTORY_CSV = { path: HISTORY, parameters: {} }
