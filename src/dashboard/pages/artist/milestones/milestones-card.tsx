/** What the artist has reached and when, how far it is to what comes next, and the best day, week and month. */
import { useView } from '../../../address/view.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { CsvButton } from '../../../parts/csv-button.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { Skeleton } from '../../../parts/skeleton.tsx'
import { useMilestones } from '../answers.ts'
import pageStyles from '../artist.module.css'
import { Best } from './best.tsx'
import styles from './milestones.module.css'
import { Next } from './next.tsx'
import { Reached } from './reached.tsx'
import { texts } from './texts.ts'

/** `path` is that of the artist's figures in the API. */
export function MilestonesCard({ path }: { path: string }) {
  const t = useTexts(texts)
  const { rangeQuery } = useView()
  const query = useMilestones(path)
  return (
    <Card
      className={pageStyles.wide ?? ''}
      title={
        <>
          {t.title} <Explain figure="milestones" name={t.title} />
        </>
      }
      actions={<CsvButton path={`${path}/milestones`} parameters={rangeQuery} what={t.title} />}
    >
      <Answer query={query} skeleton={<MilestonesSkeleton />}>
        {({ next, best, items }) => (
          <div className={styles.panes}>
            <Next next={next} />
            <Best best={best} />
            <Reached items={items} />
          </div>
        )}
      </Answer>
    </Card>
  )
}

function MilestonesSkeleton() {
  return (
    <div className={styles.panes}>
      <Skeleton height="12.8rem" />
      <Skeleton height="11rem" />
      <Skeleton height="6rem" />
    </div>
  )
}
