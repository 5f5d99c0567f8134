/** The counted events behind the chosen figure, and that they add up to it. */
import { useEffect, useRef } from 'react'
import { useChoice } from '../../../address/parameters.ts'
import { useView } from '../../../address/view.ts'
import { METRICS } from '../../../kpis/metrics.ts'
import { texts as kpiTexts } from '../../../kpis/texts.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Button } from '../../../parts/button.tsx'
import { Card } from '../../../parts/card.tsx'
import { CsvButton } from '../../../parts/csv-button.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { SkeletonRows } from '../../../parts/skeleton.tsx'
import { EventRows } from './event-rows.tsx'
import { MEASURES } from './event-sum.ts'
import styles from './events.module.css'
import { EventsSum } from './events-sum.tsx'
import { texts } from './texts.ts'
import { useEventPages } from './use-event-pages.ts'

const PAGE_SIZE = 50

/** `path` is that of the artist's figures in the API. */
export function EventsCard({ path, onClose }: { path: string; onClose: () => void }) {
  const t = useTexts(texts)
  const { metrics } = useTexts(kpiTexts)
  const { rangeQuery } = useView()
  const [metric] = useChoice('metric', METRICS)
  const parameters = { ...rangeQuery, measure: MEASURES[metric], limit: PAGE_SIZE }
  const query = useEventPages(`${path}/events`, parameters)
  const cursors = query.data?.pageParams.map(cursor => ({ cursor: cursor as string | null }))
  const title = t.title(metrics[metric])
  return (
    <div ref={useShown()} className={styles.events} tabIndex={-1}>
      <Card
        title={title}
        note={t.note}
        actions={
          <>
            {cursors && <CsvButton path={`${path}/events`} parameters={parameters} pages={cursors} what={title} />}
            <Button onClick={onClose}>{t.hide}</Button>
          </>
        }
      >
        <Answer
          query={query}
          skeleton={<SkeletonRows rows={8} height="2.25rem" />}
          empty={{
            when: ({ pages }) => pages.every(({ items }) => items.length === 0),
            show: <Empty>{t.empty}</Empty>,
          }}
        >
          {({ pages }) => (
            <>
              <EventsSum path={path} metric={metric} pages={pages} />
              <EventRows pages={pages} />
              {query.hasNextPage && (
                <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t.more}
                </Button>
              )}
            </>
          )}
        </Answer>
      </Card>
    </div>
  )
}

/** Brings what was opened into sight, and sets the focus there. */
function useShown() {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    element.current?.focus({ preventScroll: true })
    element.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return element
}
