/** The releases of an artist laid over each other by day since the release, with the plays of their first days. */
import { useMemo } from 'react'
import type { ArtistRelease } from '../../http/releases.ts'
import { useChoice } from '../address/parameters.ts'
import { TimeGraphSkeleton } from '../graphs/time-graph/skeleton.tsx'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { Answer } from '../parts/answer.tsx'
import { Button } from '../parts/button.tsx'
import { Card } from '../parts/card.tsx'
import { CsvButton } from '../parts/csv-button.tsx'
import { Empty } from '../parts/empty.tsx'
import { Explain } from '../parts/explain.tsx'
import { useNear } from '../parts/near.ts'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { texts as partsTexts } from '../parts/texts.ts'
import { FirstDaysTable } from './first-days-table.tsx'
import { ReleaseGraph } from './release-graph.tsx'
import { FIRST_DAYS, useReleases, useReleasesQuestion } from './releases.ts'
import styles from './releases-card.module.css'
import { texts } from './texts.ts'

interface ReleasesCardProps {
  artistId: string
  /** The artist's name. */
  of: string
  /** The album whose page this is; it comes first. */
  here?: string
  /** How many releases there are, where that is known before they come. */
  count?: number | undefined
}

export function ReleasesCard({ artistId, of, here, count = 5 }: ReleasesCardProps) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const [near, isNear] = useNear()
  const query = useReleases(artistId, isNear)
  return (
    <div ref={near}>
      <Card
        title={
          <>
            {t.sinceRelease} <Explain figure="firstDays" name={t.firstDaysName} />
          </>
        }
        note={t.sinceReleaseNote(number(FIRST_DAYS))}
      >
        <Answer
          query={query}
          skeleton={<Waiting rows={Math.min(FEW, count)} />}
          empty={{ when: ({ items }) => items.length === 0, show: <Empty>{t.noReleases}</Empty> }}
        >
          {({ items }) => (
            <Releases artistId={artistId} of={of} items={items} now={query.dataUpdatedAt} {...(here && { here })} />
          )}
        </Answer>
      </Card>
    </div>
  )
}

interface ReleasesProps extends Pick<ReleasesCardProps, 'artistId' | 'of' | 'here'> {
  items: readonly ArtistRelease[]
  /** Milliseconds: when the figures were answered. */
  now: number
}

function Releases({ artistId, of, items, now, here }: ReleasesProps) {
  const t = useTexts(texts)
  // Sorting is stable: the others stay newest first.
  const ordered = useMemo(() => items.toSorted((a, b) => Number(b.id === here) - Number(a.id === here)), [items, here])
  const { path, parameters } = useReleasesQuestion(artistId)
  const [shown, show] = useChoice('releases', SHOWN)
  return (
    <>
      <ReleaseGraph artistId={artistId} of={of} releases={ordered} now={now} />
      <FirstDaysTable releases={shown === 'all' ? ordered : ordered.slice(0, FEW)} {...(here && { here })} />
      <div className={styles.foot}>
        {shown === 'few' && ordered.length > FEW && <More onClick={() => show('all')} />}
        <CsvButton path={path} parameters={{ ...parameters, align: null, days: null }} what={t.firstDaysName} />
      </div>
    </>
  )
}

const SHOWN = ['few', 'all'] as const
const FEW = 8

function More({ onClick }: { onClick: () => void }) {
  const t = useTexts(texts)
  const { more } = useTexts(partsTexts)
  return (
    <Button onClick={onClick} aria-label={`${more}: ${t.sinceRelease}`}>
      {more}
    </Button>
  )
}

function Waiting({ rows }: { rows: number }) {
  return (
    <>
      <TimeGraphSkeleton />
      <div className={styles.waiting}>
        <SkeletonRows rows={rows} height="3.25rem" />
      </div>
    </>
  )
}
