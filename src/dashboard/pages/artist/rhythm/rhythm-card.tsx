/** When in the week the artist is played: weekdays and hours of the reader's time zone, and the hour with most plays in a sentence. */
import { useMemo } from 'react'
import type { Rhythm } from '../../../../http/rhythm.ts'
import { useView } from '../../../address/view.ts'
import { HeatMap } from '../../../graphs/heat-map/heat-map.tsx'
import { useHourNames } from '../../../graphs/heat-map/hour-names.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { CsvButton } from '../../../parts/csv-button.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { useNear } from '../../../parts/near.ts'
import { Skeleton } from '../../../parts/skeleton.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import styles from './rhythm.module.css'
import { texts } from './texts.ts'

/** `path` is that of the artist's figures in the API. */
export function RhythmCard({ path }: { path: string }) {
  const t = useTexts(texts)
  const { rangeQuery } = useView()
  const [near, isNear] = useNear()
  const question = { path: `${path}/rhythm`, parameters: rangeQuery }
  const query = useAnswer<Rhythm>(question.path, question.parameters, { enabled: isNear })
  return (
    <div ref={near}>
      <Card
        title={
          <>
            {t.title} <Explain figure="rhythm" name={t.name} />
          </>
        }
        actions={<CsvButton {...question} what={t.title} />}
      >
        <Answer
          query={query}
          skeleton={<RhythmSkeleton />}
          empty={{ when: ({ total }) => total === 0, show: <Empty>{t.empty}</Empty> }}
        >
          {rhythm => <Week rhythm={rhythm} />}
        </Answer>
      </Card>
    </div>
  )
}

function Week({ rhythm: { cells, peak, total } }: { rhythm: Rhythm }) {
  const t = useTexts(texts)
  const { number, plural, percent } = useFormats()
  const { weekday, time } = useHourNames()
  const format = (plays: number) => t.counted(number(plays), plural(plays, t.plays))
  const shown = useMemo(() => cells.map(({ plays, ...cell }) => ({ ...cell, value: plays })), [cells])
  return (
    <>
      {peak && (
        <p className={styles.peak}>
          {t.peak({
            weekday: weekday(peak.weekday - 1, 'long'),
            time: time(peak.hour),
            plays: format(peak.plays),
            share: percent(peak.plays / total),
          })}
        </p>
      )}
      <HeatMap label={t.label} cells={shown} format={format} />
    </>
  )
}

function RhythmSkeleton() {
  return (
    <>
      <div className={styles.peak} />
      <Skeleton height="16.5rem" />
    </>
  )
}
