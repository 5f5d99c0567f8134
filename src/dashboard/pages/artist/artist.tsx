/** The page of an artist: figures, what was played most, audience, rhythm, charts, releases and milestones. */
import { memo } from 'react'
import { useEntityId } from '../../address/paths.ts'
import { MostPlayedCard } from '../../most-played/most-played-card.tsx'
import { SimilarToCard } from '../../recommendations/similar-to-card.tsx'
import { ReleasesCard } from '../../releases/releases-card.tsx'
import { useMilestones, useReleaseDates } from './answers.ts'
import styles from './artist.module.css'
import { ArtistFigures } from './artist-figures.tsx'
import { AudienceCard } from './audience/audience-card.tsx'
import { PositionCard } from './chart-position/position-card.tsx'
import { ArtistHead } from './head/artist-head.tsx'
import { isUnheard } from './head/profile.ts'
import { useProfile } from './head/use-profile.ts'
import { MilestonesCard } from './milestones/milestones-card.tsx'
import { RhythmCard } from './rhythm/rhythm-card.tsx'
import { Unheard } from './unheard.tsx'

export default function Artist() {
  const id = useEntityId()
  const path = `/api/stats/artist/${encodeURIComponent(id)}`
  const profile = useProfile(id)
  const isEmpty = isUnheard(useMilestones(path).data, useReleaseDates(path).data)
  return (
    <>
      <ArtistHead artistId={id} profile={profile} />
      {isEmpty ? <Unheard artistId={id} /> : <Sections artistId={id} path={path} of={profile.name ?? id} />}
    </>
  )
}

/** Rendered again only where the artist is another one: each section asks for itself. */
const Sections = memo(function Sections({ artistId, path, of }: { artistId: string; path: string; of: string }) {
  return (
    <div className={styles.page}>
      <ArtistFigures path={path} of={of} />
      <MostPlayedCard artistId={artistId} kind="tracks" />
      <MostPlayedCard artistId={artistId} kind="albums" />
      <AudienceCard path={path} of={of} />
      <RhythmCard path={path} />
      <PositionCard path={path} />
      <div className={styles.wide}>
        <ReleasesCard artistId={artistId} of={of} count={useReleaseDates(path).data?.items.length} />
      </div>
      <MilestonesCard path={path} />
      <div className={styles.wide}>
        <SimilarToCard kind="artist" id={artistId} />
      </div>
    </div>
  )
})
