/** The page of a track: its figures, and how it does beside the artist's other tracks and those of its album. */
import { Link } from 'wouter'
import type { ReleaseKpis } from '../../../http/kpis.ts'
import { useEntityId, useLinks } from '../../address/paths.ts'
import { SimilarToCard } from '../../recommendations/similar-to-card.tsx'
import { AlbumTracks } from '../../releases/album-tracks.tsx'
import { ChartRank } from '../../releases/chart-rank.tsx'
import { releasePath, useRelease } from '../../releases/release.ts'
import { ReleasePage } from '../../releases/release-page.tsx'
import { titleOf } from '../../releases/titles.ts'
import { useAnswer } from '../../requests/queries.ts'
import { OtherTracks } from './other-tracks.tsx'

export default function Track() {
  const key = useEntityId()
  const { data: track } = useRelease(releasePath('track', key))
  const notes = (
    <>
      {track?.albumId && <AlbumLink id={track.albumId} />}
      <ChartRank kind="tracks" id={key} />
    </>
  )
  return (
    <ReleasePage kind="track" id={key} release={track} notes={notes}>
      {track?.artistId && (
        <>
          <OtherTracks track={track} artistId={track.artistId} />
          {track.albumId && <AlbumTracks artistId={track.artistId} albumId={track.albumId} here={key} />}
        </>
      )}
      <SimilarToCard kind="track" id={key} />
    </ReleasePage>
  )
}

function AlbumLink({ id }: { id: string }) {
  const links = useLinks()
  // Only the title is asked for, which no range changes.
  const { data } = useAnswer<ReleaseKpis>(releasePath('album', id), {}, { refetchInterval: false })
  return <Link href={links.entity('album', id)}>{data ? titleOf(data) : '…'}</Link>
}
