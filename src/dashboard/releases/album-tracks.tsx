/** The tracks of an album, most played first, as far as they are among the most played ones of its artist. */
import type { MostPlayed } from '../../http/most-played.ts'
import { useView } from '../address/view.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { MostPlayedTable } from '../most-played/most-played-table.tsx'
import { Answer } from '../parts/answer.tsx'
import { Card } from '../parts/card.tsx'
import { Empty } from '../parts/empty.tsx'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { useAnswer } from '../requests/queries.ts'
import { texts } from './texts.ts'

/** As many tracks of an artist as one answer has. */
const MOST_TRACKS = 100

interface AlbumTracksProps {
  artistId: string
  albumId: string
  /** The key of the track whose page this is. */
  here?: string
}

export function AlbumTracks({ artistId, albumId, here }: AlbumTracksProps) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const { comparedQuery } = useView()
  const path = `/api/stats/artist/${encodeURIComponent(artistId)}/tracks`
  const query = useAnswer<MostPlayed>(path, { ...comparedQuery, limit: MOST_TRACKS })
  const ofAlbum = ({ items }: MostPlayed) => items.filter(row => row.albumId === albumId)
  return (
    <Card title={t.albumTracks} note={query.data?.nextCursor ? t.amongMost(number(MOST_TRACKS)) : t.albumTracksNote}>
      <Answer
        query={query}
        skeleton={<SkeletonRows rows={8} height="3rem" />}
        empty={{
          when: found => ofAlbum(found).every(({ id }) => id === here),
          show: <Empty>{here ? t.noOthers : t.noRows}</Empty>,
        }}
      >
        {found => <MostPlayedTable label={t.albumTracks} kind="tracks" rows={ofAlbum(found)} sort="plays" />}
      </Answer>
    </Card>
  )
}
