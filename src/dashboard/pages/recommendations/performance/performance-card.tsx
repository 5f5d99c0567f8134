/** What becomes of what is recommended: how often it was shown and clicked, by how it came into the list. */
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { CsvButton } from '../../../parts/csv-button.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { SkeletonRows } from '../../../parts/skeleton.tsx'
import type { Performance } from '../../../recommendations/answers.ts'
import { useAnswer } from '../../../requests/queries.ts'
import styles from './performance.module.css'
import { texts } from './texts.ts'

const PERFORMANCE = '/api/stats/recommendations/performance'

export function PerformanceCard() {
  const t = useTexts(texts)
  const query = useAnswer<Performance>(PERFORMANCE)
  return (
    <Card title={t.title} note={t.note} actions={<CsvButton path={PERFORMANCE} what={t.title} />}>
      <Answer
        query={query}
        skeleton={<SkeletonRows rows={4} height="2.25rem" />}
        empty={{
          when: ({ strategies }) => strategies.every(({ shown, clicked }) => shown + clicked === 0),
          show: <Empty>{t.empty}</Empty>,
        }}
      >
        {({ strategies }) => <Strategies strategies={strategies} />}
      </Answer>
    </Card>
  )
}

function Strategies({ strategies }: Pick<Performance, 'strategies'>) {
  const t = useTexts(texts)
  const { number, percent } = useFormats()
  const most = Math.max(...strategies.map(({ clickThroughRate }) => clickThroughRate ?? 0))
  return (
    <table className={styles.table}>
      <caption className="unseen">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.strategy}</th>
          <th scope="col">{t.shown}</th>
          <th scope="col">{t.clicked}</th>
          <th scope="col">
            <span className={styles.head}>
              {t.rate} <Explain figure="clickThroughRate" name={t.rateName} />
            </span>
          </th>
        </tr>
      </thead>
      <tbody>
        {strategies.map(({ strategy, shown, clicked, clickThroughRate: rate }) => (
          <tr key={strategy}>
            <th scope="row">
              <span className={styles.named}>
                <span className={styles.bar} style={{ inlineSize: most > 0 ? `${((rate ?? 0) / most) * 100}%` : 0 }} />
                <span>{t.strategies[strategy]}</span>
              </span>
            </th>
            <td>{number(shown)}</td>
            <td>{number(clicked)}</td>
            <td>{rate === null ? '–' : percent(rate)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
