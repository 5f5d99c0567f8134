/** All plays of some releases by day since each was released. */
import { useMemo } from 'react'
import type { ArtistRelease } from '../../http/releases.ts'
import { useView } from '../address/view.ts'
import { TimeGraph } from '../graphs/time-graph/time-graph.tsx'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { Empty } from '../parts/empty.tsx'
import { alignedReleases } from './aligned-releases.ts'
import { useReleasesQuestion } from './releases.ts'
import { texts } from './texts.ts'

interface ReleaseGraphProps {
  artistId: string
  /** The artist's name. */
  of: string
  releases: readonly ArtistRelease[]
  /** Milliseconds: when the figures were answered. */
  now: number
}

export function ReleaseGraph({ artistId, of, releases, now }: ReleaseGraphProps) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { number } = useFormats()
  const question = useReleasesQuestion(artistId)
  const { points, series } = useMemo(() => alignedReleases(releases), [releases])
  const measure = useMemo(() => ({ name: t.plays, format: number, isWhole: true }), [t, number])
  if (series.length === 0) return <Empty>{t.noFirstPlays}</Empty>
  return (
    <TimeGraph
      label={`${t.sinceRelease}: ${of}`}
      points={points}
      series={series}
      measure={measure}
      interval="day"
      tz={tz}
      now={new Date(now).toISOString()}
      x="days"
      csv={question}
    />
  )
}
