/** Who listens to the artist: new and returning, how much, how often, and what they do after it. */
import type { Audience } from '../../../../http/audience.ts'
import { useView } from '../../../address/view.ts'
import { TimeGraphSkeleton } from '../../../graphs/time-graph/skeleton.tsx'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { useNear } from '../../../parts/near.ts'
import { Skeleton } from '../../../parts/skeleton.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import pageStyles from '../artist.module.css'
import styles from './audience.module.css'
import { AudienceFigures } from './audience-figures.tsx'
import { NewAndReturning } from './new-and-returning.tsx'
import { Pane } from './pane.tsx'
import { FunnelPane, HistogramPane } from './panes.tsx'
import { Segments } from './segments.tsx'
import { texts } from './texts.ts'

/** `path` is that of the artist's figures in the API; `of` is the artist's name. */
export function AudienceCard({ path, of }: { path: string; of: string }) {
  const t = useTexts(texts)
  const { comparedQuery, interval } = useView()
  const [near, isNear] = useNear()
  const question = { path: `${path}/audience`, parameters: { ...comparedQuery, interval } }
  const query = useAnswer<Audience>(question.path, question.parameters, { enabled: isNear })
  return (
    <div ref={near} className={pageStyles.wide}>
      <Card title={t.title} note={t.note}>
        <Answer query={query} skeleton={<AudienceSkeleton />}>
          {audience => (
            <>
              <AudienceFigures audience={audience} />
              <div className={styles.panes}>
                <div>
                  <NewAndReturning audience={audience} now={query.dataUpdatedAt} of={of} csv={question} />
                  <HistogramPane audience={audience} />
                </div>
                <div>
                  <Segments audience={audience} />
                  <FunnelPane audience={audience} />
                </div>
              </div>
            </>
          )}
        </Answer>
      </Card>
    </div>
  )
}

/** With the headings, so that it is as high as what comes on narrow pages too. */
function AudienceSkeleton() {
  const t = useTexts(texts)
  return (
    <>
      <AudienceFigures />
      <div className={styles.panes}>
        <div>
          <Pane title={t.overTime} figure="newListeners">
            <TimeGraphSkeleton />
          </Pane>
          <Pane title={t.histogram} figure="mean">
            <Skeleton height="12.3rem" />
          </Pane>
        </div>
        <div>
          <Pane title={t.segments}>
            <Skeleton height="13.4rem" />
          </Pane>
          <Pane title={t.funnel} figure="funnel">
            <Skeleton height="15.9rem" />
          </Pane>
        </div>
      </div>
    </>
  )
}
