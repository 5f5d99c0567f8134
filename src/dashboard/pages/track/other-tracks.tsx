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
import type { Parameters } from '../../requests/request.ts'
import { alignedSeries } from './aligned-series.ts'
import { texts } from './texts.ts'

/** This one among them: as many lines as a reader tells apart. */
const MOST_LINES = 5

export function OtherTracks({ track, artistId }: { track: ReleaseKpis; artistId: string }) {
  const t = useTexts(texts)
  const { rangeQuery, interval } = useView()
  const path = `/api/stats/artist/${encodeURIComponent(artistId)}/tracks`
  const question = { path, parameters: { ...rangeQuery, interval, limit: MOST_LINES } }
  const query = useAnswer<MostPlayed>(question.path, question.parameters)
  const others = ({ items }: MostPlayed) => items.filter(({ id }) => id !== track.id)
  return (
    <Card title={t.otherTracks} note={t.otherTracksNote}>
      <Answer
        query={query}
        skeleton={<TimeGraphSkeleton />}
        empty={{ when: found => others(found).length === 0, show: <Empty>{t.noOtherTracks}</Empty> }}
      >
        {found => (
          <OtherTracksGraph track={track} mostPlayed={found.items} now={query.dataUpdatedAt} question={question} />
        )}
      </Answer>
    </Card>
  )
}

interface OtherTracksGraphProps {
  track: ReleaseKpis
  /** The artist's most played tracks; this one may be among them. */
  mostPlayed: MostPlayed['items']
  /** Milliseconds: when the figures were answered. */
  now: number
  /** What `mostPlayed` are the answer to. */
  question: { path: string; parameters: Parameters }
}

function OtherTracksGraph({ track, mostPlayed, now, question }: OtherTracksGraphProps) {
  const t = useTexts(texts)
  const { tz, interval } = useView()
  const { number } = useFormats()
  const data = useMemo(() => {
    const shown = [track, ...mostPlayed.filter(({ id }) => id !== track.id).slice(0, MOST_LINES - 1)]
    const { points, values } = alignedSeries(shown.map(({ series = [] }) => series))
    const names = uniqueNames(shown)
    return { points, series: names.map((name, i) => ({ name, values: values[i] ?? [] })) }
  }, [track, mostPlayed])
  const measure = useMemo(() => ({ name: t.plays, format: number, isWhole: true }), [t, number])
  return (
    <TimeGraph
      label={`${t.otherTracks}: ${titleOf(track)}`}
      {...data}
      measure={measure}
      interval={interval}
      tz={tz}
      now={new Date(now).toISOString()}
      // Of another track, the answer has not all that is shown.
      csv={mostPlayed.some(({ id }) => id === track.id) ? question : undefined}
    />
  )
}
