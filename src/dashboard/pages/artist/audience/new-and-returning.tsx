/** New and returning listeners over time. */
import { useMemo } from 'react'
import type { Audience } from '../../../../http/audience.ts'
import { useView } from '../../../address/view.ts'
import { TimeGraph } from '../../../graphs/time-graph/time-graph.tsx'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import type { Parameters } from '../../../requests/request.ts'
import { Pane } from './pane.tsx'
import { texts } from './texts.ts'

interface NewAndReturningProps {
  audience: Audience
  /** Milliseconds: when the figures were answered. */
  now: number
  of: string
  csv: { path: string; parameters: Parameters }
}

const NONE: NonNullable<Audience['series']> = []

export function NewAndReturning({ audience: { series: points = NONE }, now, of, csv }: NewAndReturningProps) {
  const t = useTexts(texts)
  const { tz, interval } = useView()
  const { number } = useFormats()
  const series = useMemo(
    () => [
      { name: t.newListeners, values: points.map(({ newListeners }) => newListeners) },
      { name: t.returningListeners, values: points.map(({ returningListeners }) => returningListeners) },
    ],
    [points, t],
  )
  const measure = useMemo(() => ({ name: t.listeners, format: number, isWhole: true }), [t, number])
  return (
    <Pane title={t.overTime} figure="newListeners">
      <TimeGraph
        label={`${t.overTime}: ${of}`}
        points={points}
        series={series}
        measure={measure}
        interval={interval}
        tz={tz}
        now={new Date(now).toISOString()}
        csv={csv}
      />
    </Pane>
  )
}
