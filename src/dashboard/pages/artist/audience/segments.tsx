/** The listeners by the days on which they played, and those who have left. */
import type { Audience } from '../../../../http/audience.ts'
import { useView } from '../../../address/view.ts'
import { daysLabel } from '../../../graphs/axes/point-label.ts'
import { Bars } from '../../../graphs/bars/bars.tsx'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Change } from '../../../parts/change.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { Pane } from './pane.tsx'
import { texts } from './texts.ts'

const SEGMENTS = ['super', 'regular', 'light', 'lapsed'] as const

export function Segments({ audience: { segments, previous } }: { audience: Audience }) {
  const t = useTexts(texts)
  const { tz } = useView()
  const formats = useFormats()
  const { number } = formats
  const [start, end] = segments.period?.split('/') ?? []
  const rows = SEGMENTS.map(segment => ({
    id: segment,
    name: (
      <>
        {t.segment[segment]} <Explain figure={segment} name={t.segment[segment]} />
      </>
    ),
    value: segments[segment],
    after: previous && <Change percent={previous.change[segment]} earlier={number(previous.segments[segment])} />,
  }))
  return (
    <Pane title={t.segments} {...(start && end && { note: t.segmentsNote(daysLabel(start, end, tz, formats)) })}>
      <Bars
        label={t.segments}
        heads={{ name: t.segmentHead, value: t.listeners, after: previous ? t.change : undefined }}
        rows={rows}
        format={number}
      />
    </Pane>
  )
}
