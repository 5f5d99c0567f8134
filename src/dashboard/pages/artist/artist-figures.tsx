/** The six figures of an artist over their graph, with releases and milestones marked, and the events behind them. */
import { useDeferredValue, useMemo } from 'react'
import { useLinks } from '../../address/paths.ts'
import { useView } from '../../address/view.ts'
import { KpiPanel } from '../../kpis/kpi-panel.tsx'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { useMilestones, useReleaseDates } from './answers.ts'
import styles from './artist.module.css'
import { EventsButton } from './events/events-button.tsx'
import { EventsCard } from './events/events-card.tsx'
import { useEventsOpen } from './events/use-events-open.ts'
import { milestoneMarks, releaseMarks } from './marks.ts'
import { texts as milestoneTexts } from './milestones/texts.ts'
import { texts } from './texts.ts'

/** `path` is that of the artist's figures in the API; `of` is the artist's name. */
export function ArtistFigures({ path, of }: { path: string; of: string }) {
  const marks = useMarks(path)
  const events = useEventsOpen()
  return (
    <>
      <div className={styles.wide}>
        <KpiPanel path={`${path}/kpis`} of={of} marks={marks} actions={<EventsButton {...events} />} />
      </div>
      {events.isOpen && (
        <div className={styles.wide}>
          <EventsCard path={path} onClose={events.close} />
        </div>
      )}
    </>
  )
}

/** Releases and milestones for the graph; those outside of the range are left out there. */
function useMarks(path: string) {
  const t = useTexts(texts)
  const { count } = useTexts(milestoneTexts)
  const { number, plural } = useFormats()
  const { tz } = useView()
  const links = useLinks()
  // With new marks the graph is drawn again, which can wait for the reader.
  const releases = useDeferredValue(useReleaseDates(path).data)
  const milestones = useDeferredValue(useMilestones(path).data)
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
