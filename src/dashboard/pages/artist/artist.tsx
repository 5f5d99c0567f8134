/** The page of an artist: figures, what was played most, audience, rhythm, charts, releases and milestones. */
import { useMemo } from 'react'
import type { Milestones } from '../../../http/milestones.ts'
import type { ArtistReleases } from '../../../http/releases.ts'
import { useEntityId, useLinks } from '../../address/paths.ts'
import { useView } from '../../address/view.ts'
import { KpiPanel } from '../../kpis/kpi-panel.tsx'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { MostPlayedCard } from '../../most-played/most-played-card.tsx'
import { ReleasesCard } from '../../releases/releases-card.tsx'
import { useAnswer } from '../../requests/queries.ts'
import styles from './artist.module.css'
import { AudienceCard } from './audience/audience-card.tsx'
import { PositionCard } from './chart-position/position-card.tsx'
import { EventsButton } from './events/events-button.tsx'
import { EventsCard } from './events/events-card.tsx'
import { useEventsOpen } from './events/use-events-open.ts'
import { ArtistHead } from './head/artist-head.tsx'
import { isUnheard } from './head/profile.ts'
import { useProfile } from './head/use-profile.ts'
import { milestoneMarks, releaseMarks } from './marks.ts'
import { MilestonesCard } from './milestones/milestones-card.tsx'
import { texts as milestoneTexts } from './milestones/texts.ts'
import { RhythmCard } from './rhythm/rhythm-card.tsx'
import { texts } from './texts.ts'
import { Unheard } from './unheard.tsx'

/** The most that the API lists at once. */
const MOST_RELEASES = 100

export default function Artist() {
  const id = useEntityId()
  const { rangeQuery, tz } = useView()
  const path = `/api/stats/artist/${encodeURIComponent(id)}`
  const profile = useProfile(id)
  const milestones = useAnswer<Milestones>(`${path}/milestones`, rangeQuery)
  const releases = useAnswer<ArtistReleases>(`${path}/releases`, { tz, limit: MOST_RELEASES })
  const marks = useMarks(releases.data, milestones.data)
  const events = useEventsOpen()
  const of = profile.name ?? id
  return (
    <>
      <ArtistHead artistId={id} profile={profile} />
      {isUnheard(milestones.data, releases.data) ? (
        <Unheard artistId={id} />
      ) : (
        <div className={styles.page}>
          <div className={styles.wide}>
            <KpiPanel path={`${path}/kpis`} of={of} marks={marks} actions={<EventsButton {...events} />} />
          </div>
          {events.isOpen && (
            <div className={styles.wide}>
              <EventsCard path={path} onClose={events.close} />
            </div>
          )}
          <MostPlayedCard artistId={id} kind="tracks" />
          <MostPlayedCard artistId={id} kind="albums" />
          <AudienceCard path={path} of={of} />
          <RhythmCard path={path} />
          <PositionCard path={path} />
          <div className={styles.wide}>
            <ReleasesCard artistId={id} of={of} count={releases.data?.items.length} />
          </div>
          <MilestonesCard path={path} query={milestones} />
        </div>
      )}
    </>
  )
}

/** Releases and milestones for the graph; those outside of the range are left out there. */
function useMarks(releases: ArtistReleases | undefined, milestones: Milestones | undefined) {
  const t = useTexts(texts)
  const { count } = useTexts(milestoneTexts)
  const { number, plural } = useFormats()
  const { tz } = useView()
  const links = useLinks()
  return useMemo(
    () => [
      ...releaseMarks(releases?.items ?? [], tz, ({ id, title }) => ({
        label: t.released(title ?? id),
        href: links.entity('album', id),
      })),
      ...milestoneMarks(milestones?.items ?? [], ({ measure, reached }) =>
        count[measure](number(reached), forms => plural(reached, forms)),
      ),
    ],
    [releases, milestones, tz, t, count, number, plural, links],
  )
}
