/** The page of an album: its figures, its tracks, and how it does since its release beside the artist's other albums. */
import { useMemo } from 'react'
import { useEntityId } from '../../address/paths.ts'
import { useTexts } from '../../language/language.tsx'
import { SimilarToCard } from '../../recommendations/similar-to-card.tsx'
import { AlbumTracks } from '../../releases/album-tracks.tsx'
import { ChartRank } from '../../releases/chart-rank.tsx'
import { ReleaseDate } from '../../releases/first-days-table.tsx'
import { releasePath, useRelease } from '../../releases/release.ts'
import { ReleasePage } from '../../releases/release-page.tsx'
import { useReleases } from '../../releases/releases.ts'
import { ReleasesCard } from '../../releases/releases-card.tsx'
import { texts } from './texts.ts'

export default function Album() {
  const t = useTexts(texts)
  const id = useEntityId()
  const { data: album } = useRelease(releasePath('album', id))
  const artistId = album?.artistId
  const { data: releases } = useReleases(artistId)
  const release = releases?.items.find(item => item.id === id)
  const released = release?.series?.[0]?.start
  const marks = useMemo(() => (released ? [{ at: released, label: t.releaseDay }] : []), [released, t])
  const notes = (
    <>
      {release && <ReleaseDate release={release} />}
      <ChartRank kind="albums" id={id} />
    </>
  )
  return (
    <ReleasePage kind="album" id={id} release={album} notes={notes} marks={marks}>
      {artistId && (
        <>
          <ReleasesCard artistId={artistId} of={album.artistName ?? artistId} here={id} />
          <AlbumTracks artistId={artistId} albumId={id} />
        </>
      )}
      <SimilarToCard kind="album" id={id} />
    </ReleasePage>
  )
}
