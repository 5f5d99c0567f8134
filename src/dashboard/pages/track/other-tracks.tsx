/** The plays of a track laid over those of the artist's most played tracks. */
import { useMemo } from 'react'
import type { ReleaseKpis } from '../../../http/kpis.ts'
import type { MostPlayed } from '../../../http/most-played.ts'
import { useView } from '../../address/view.ts'
import { TimeGraphSkeleton } from '../../graphs/time-graph/skeleton.tsx'
import { TimeGraph } from '../../graphs/time-graph/time-graph.tsx'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Answer } from '../../parts/answer.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { titleOf, uniqueNames } from '../../releases/titles.ts'
import { useAnswer } from '../../requests/queries.ts'
import { alignedSeries } from './aligned-series.ts'
import { texts } from './texts.ts'

/** This one among them: as many lines as a reader tells apart. */
const MOST_LINES = 5

export function OtherTracks({ track, artistId }: { track: ReleaseKpis; artistId: string }) {
  const t = useTexts(texts)
  const { rangeQuery, interval } = useView()
  const path = `/api/stats/artist/${encodeURIComponent(artistId)}/tracks`
  const query = useAnswer<MostPlayed>(path, { ...rangeQuery, interval, limit: MOST_LINES })
  const others = ({ items }: MostPlayed) => items.filter(({ id }) => id !== track.id)
  return (
    <Card title={t.otherTracks} note={t.otherTracksNote}>
      <Answer
        query={query}
        skeleton={<TimeGraphSkeleton />}
        empty={{ when: found => others(found).length === 0, show: <Empty>{t.noOtherTracks}</Empty> }}
      >
        {found => <OtherTracksGraph track={track} others={found.items} now={query.dataUpdatedAt} />}
      </Answer>
    </Card>
  )
}

interface OtherTracksGraphProps {
  track: ReleaseKpis
  /** The artist's most played tracks; this one may be among them. */
  others: MostPlayed['items']
  /** Milliseconds: when the figures were answered. */
  now: number
}

function OtherTracksGraph({ track, others, now }: OtherTracksGraphProps) {
  const t = useTexts(texts)
  const { tz, interval } = useView()
  const { number } = useFormats()
  const data = useMemo(() => {
    const shown = [track, ...others.filter(({ id }) => id !== track.id).slice(0, MOST_LINES - 1)]
    const { points, values } = alignedSeries(shown.map(({ series = [] }) => series))
    const names = uniqueNames(shown)
    return { points, series: names.map((name, i) => ({ name, values: values[i] ?? [] })) }
  }, [track, others])
  const measure = useMemo(() => ({ name: t.plays, format: number, isWhole: true }), [t, number])
  return (
    <TimeGraph
      label={`${t.otherTracks}: ${titleOf(track)}`}
      {...data}
      measure={measure}
      interval={interval}
      tz={tz}
      now={new Date(now).toISOString()}
    />
  )
}
