/** How much listeners play, and how far they go from listening to buying. */
import type { Audience } from '../../../../http/audience.ts'
import { Funnel } from '../../../graphs/funnel/funnel.tsx'
import { Histogram } from '../../../graphs/histogram/histogram.tsx'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { bucketName } from './buckets.ts'
import { Pane } from './pane.tsx'
import { texts } from './texts.ts'

export function HistogramPane({ audience: { playsPerListener } }: { audience: Audience }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const columns = playsPerListener.histogram.map(bucket => ({
    name: bucketName(bucket, number),
    value: bucket.listeners,
  }))
  return (
    <Pane title={t.histogram} figure="mean">
      <Histogram label={t.histogram} columns={columns} axis={t.histogramAxis} format={number} />
    </Pane>
  )
}

export function FunnelPane({ audience: { funnel } }: { audience: Audience }) {
  const t = useTexts(texts)
  const steps = funnel.map(({ step, people, percentOfStepBefore }) => ({
    name: t.steps[step],
    count: people,
    percentOfStepBefore,
  }))
  return (
    <Pane title={t.funnel} figure="funnel">
      <Funnel label={t.funnel} steps={steps} />
    </Pane>
  )
}
