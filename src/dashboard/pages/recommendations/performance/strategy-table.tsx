/** How often recommended items were shown and clicked, a row for each way into a list, with a bar of its rate. */

import type { RecommendationPerformance } from '../../../../http/recommendation-performance.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import styles from './performance.module.css'
import { texts } from './texts.ts'

const FIGURES = ['shown', 'clicked', 'clickThroughRate'] as const

export function StrategyTable({ performance: { total, strategies } }: { performance: RecommendationPerformance }) {
  const t = useTexts(texts)
  const most = Math.max(...strategies.map(({ clickThroughRate }) => clickThroughRate ?? 0))
  return (
    <table className={styles.table}>
      <caption className="unseen">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.strategy}</th>
          {FIGURES.map(figure => (
            <th key={figure} scope="col">
              <span className={styles.head}>
                {t[figure]} <Explain figure={figure} name={t.names[figure]} />
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {strategies.map(({ strategy, ...figures }) => (
          <Row
            key={strategy}
            name={t.strategies[strategy]}
            share={most > 0 ? (figures.clickThroughRate ?? 0) / most : 0}
            figures={figures}
          />
        ))}
      </tbody>
      <tfoot>
        <Row name={t.total} share={0} figures={total} />
      </tfoot>
    </table>
  )
}

/** `share`: the length of its bar, from 0 to 1. */
function Row({ name, share, figures }: { name: string; share: number; figures: RecommendationPerformance['total'] }) {
  const { number, percent } = useFormats()
  const { shown, clicked, clickThroughRate } = figures
  return (
    <tr>
      <th scope="row">
        <span className={styles.named}>
          {share > 0 && <span className={styles.bar} style={{ inlineSize: `${share * 100}%` }} />}
          <span>{name}</span>
        </span>
      </th>
      <td>{number(shown)}</td>
      <td>{number(clicked)}</td>
      <td>{clickThroughRate === null ? '–' : percent(clickThroughRate / 100)}</td>
    </tr>
  )
}
