/** What becomes of what is recommended: how often it was shown and clicked in a range, by how it came into the list. */

import type { RecommendationPerformance } from '../../../../http/recommendation-performance.ts'
import type { RangeName } from '../../../address/ranges.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { texts as layoutTexts } from '../../../layout/texts.ts'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { Choices } from '../../../parts/choices.tsx'
import { CsvButton } from '../../../parts/csv-button.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { SkeletonRows } from '../../../parts/skeleton.tsx'
import { useAnswer } from '../../../requests/queries.ts'
import styles from './performance.module.css'
import { StrategyTable } from './strategy-table.tsx'
import { texts } from './texts.ts'

const PERFORMANCE = '/api/stats/recommendations/performance'
/** Of the ranges that an address may have; another one is shown too where the reader comes from such a page. */
const RANGES = ['7d', '28d', '90d', 'all'] as const satisfies readonly RangeName[]

export function PerformanceCard() {
  const t = useTexts(texts)
  const { ranges } = useTexts(layoutTexts)
  const { range, rangeQuery, change } = useView()
  const query = useAnswer<RecommendationPerformance>(PERFORMANCE, rangeQuery)
  return (
    <Card
      title={t.title}
      note={t.note}
      actions={<CsvButton path={PERFORMANCE} parameters={rangeQuery} what={t.title} />}
    >
      <Choices<RangeName>
        label={t.range}
        words={RANGES.some(each => each === range) ? RANGES : [range, ...RANGES]}
        nameOf={word => ranges[word]}
        value={range}
        onChange={word => change({ range: word, from: null, to: null })}
      />
      <Answer
        query={query}
        skeleton={<SkeletonRows rows={8} height="2.375rem" />}
        empty={{
          when: ({ total }) => total.shown + total.clickedUnshown === 0,
          show: <Empty>{t.empty}</Empty>,
        }}
      >
        {performance => (
          <>
            <StrategyTable performance={performance} />
            <Unshown count={performance.total.clickedUnshown} />
          </>
        )}
      </Answer>
    </Card>
  )
}

function Unshown({ count }: { count: number }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  if (count === 0) return null
  return (
    <div className={styles.note}>
      {t.unshown(number(count))} <Explain figure="clickedUnshown" name={t.unshownName} />
    </div>
  )
}
