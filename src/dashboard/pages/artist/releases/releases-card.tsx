/** The artist's releases laid over each other by day since the release, and their first days as a table. */
import { useMemo } from 'react'
import type { ArtistReleases } from '../../../../http/releases.ts'
import { useChoice, wordAfter } from '../../../address/parameters.ts'
import { useView } from '../../../address/view.ts'
import { TimeGraphSkeleton } from '../../../graphs/time-graph/skeleton.tsx'
import { TimeGraph } from '../../../graphs/time-graph/time-graph.tsx'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Button } from '../../../parts/button.tsx'
import { Card } from '../../../parts/card.tsx'
import { Choices } from '../../../parts/choices.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { useNear } from '../../../parts/near.ts'
import { SkeletonRows } from '../../../parts/skeleton.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import type { Parameters } from '../../../requests/request.ts'
import { useReleases } from '../answers.ts'
import pageStyles from '../artist.module.css'
import { alignedSeries } from './aligned.ts'
import { ReleaseTable } from './release-table.tsx'
import styles from './releases.module.css'
import { texts } from './texts.ts'

const DAYS = ['90', '28', '365'] as const
/** In the order in which they are shown. */
const SHOWN_DAYS = ['28', '90', '365'] as const
/** The series of all rows have 10,000 points at most. */
const ROWS = ['8', '20'] as const

/** `path` is that of the artist's figures in the API; `of` is the artist's name. */
export function ReleasesCard({ path, of }: { path: string; of: string }) {
  const t = useTexts(texts)
  const { tz } = useView()
  const [days, setDays] = useChoice('since', DAYS)
  const [rows, setRows] = useChoice('releaseRows', ROWS)
  const [near, isNear] = useNear()
  // Known before those of this card, which are far below.
  const count = useReleases(path).data?.items.length ?? 5
  const question = { path: `${path}/releases`, parameters: { tz, align: 'release', days, limit: rows } }
  const query = useAnswer<ArtistReleases>(question.path, question.parameters, { enabled: isNear })
  return (
    <div ref={near} className={pageStyles.wide}>
      <Card
        title={t.title}
        note={t.note}
        actions={
          <Choices
            label={t.days}
            words={SHOWN_DAYS}
            nameOf={word => t.dayCounts[word]}
            value={days}
            onChange={setDays}
          />
        }
      >
        <Answer
          query={query}
          skeleton={<ReleasesSkeleton rows={Math.min(Number(rows), count)} />}
          empty={{ when: ({ items }) => items.length === 0, show: <Empty>{t.empty}</Empty> }}
        >
          {({ items, nextCursor }) => (
            <>
              <Comparison items={items} now={query.dataUpdatedAt} of={of} csv={question} />
              <ReleaseTable releases={items} />
              {nextCursor !== null && rows !== ROWS.at(-1) && (
                <Button className={styles.more} onClick={() => setRows(wordAfter(ROWS, rows))}>
                  {t.more}
                </Button>
              )}
            </>
          )}
        </Answer>
      </Card>
    </div>
  )
}

interface ComparisonProps extends Pick<ArtistReleases, 'items'> {
  /** Milliseconds: when the figures were answered. */
  now: number
  of: string
  csv: { path: string; parameters: Parameters }
}

function Comparison({ items, now, of, csv }: ComparisonProps) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { number } = useFormats()
  const { points, series } = useMemo(() => alignedSeries(items), [items])
  const measure = useMemo(() => ({ name: t.plays, format: number, isWhole: true }), [t, number])
  if (series.length === 0) return <p className={styles.none}>{t.none}</p>
  return (
    <TimeGraph
      label={`${t.title}: ${of}`}
      points={points}
      series={series}
      measure={measure}
      interval="day"
      tz={tz}
      now={new Date(now).toISOString()}
      x="days"
      csv={csv}
    />
  )
}

function ReleasesSkeleton({ rows }: { rows: number }) {
  return (
    <>
      <TimeGraphSkeleton />
      <div className={styles.scrolled}>
        <SkeletonRows rows={1} height="2rem" />
        <SkeletonRows rows={rows} height="3rem" />
      </div>
    </>
  )
}
