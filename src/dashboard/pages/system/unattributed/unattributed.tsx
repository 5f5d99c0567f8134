/** Albums and names that are attributed to no artist, with their counts, and what can be done about them. */
import type { UnattributedPage } from '../../../../http/unattributed.ts'
import { useParameters } from '../../../address/parameters.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { CsvButton } from '../../../parts/csv-button.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Pager } from '../../../parts/pager.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import { Waiting } from '../waiting.tsx'
import { SubjectTable } from './subject-table.tsx'
import { texts } from './texts.ts'
import styles from './unattributed.module.css'

const PATH = '/api/stats/unattributed'
const CURSOR = 'subjects'
const ROWS = 10

export function Unattributed() {
  const t = useTexts(texts)
  const parameters = { cursor: useParameters().parameters.get(CURSOR), limit: ROWS }
  const query = useAnswer<UnattributedPage>(PATH, parameters)
  return (
    <Card
      title={t.unattributed}
      note={t.note}
      actions={<CsvButton path={PATH} parameters={parameters} what={t.unattributed} />}
    >
      <Answer
        query={query}
        skeleton={<Waiting wide="29rem" narrow="34rem" />}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty>{t.empty}</Empty> }}
      >
        {({ items }) => <SubjectTable subjects={items} />}
      </Answer>
      <Pager list={t.unattributed} parameter={CURSOR} next={query.data?.nextCursor ?? null} />
      <dl className={styles.remedies}>
        {(['album', 'name', 'none'] as const).map(kind => (
          <div key={kind}>
            <dt>{t.remedies[kind].of}</dt>
            <dd>{t.remedies[kind].what}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
