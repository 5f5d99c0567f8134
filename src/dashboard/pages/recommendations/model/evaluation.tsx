/** How good the model is on days that it has not seen, beside what most people play. */

import type { RecommendationModel } from '../../../../http/recommendation-model.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import styles from './model.module.css'
import { texts } from './texts.ts'

const MEASURES = ['ndcgAt10', 'recallAt20', 'coverageAt10', 'listenersAt10'] as const
const METHODS = ['model', 'popularity'] as const

export function Evaluation({ evaluation }: Pick<RecommendationModel, 'evaluation'>) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { number, date } = useFormats()
  if (evaluation === null) return <p className={styles.soft}>{t.noEvaluation}</p>
  return (
    <table className={styles.table}>
      <caption>{t.evaluation(date(evaluation.from, tz))}</caption>
      <thead>
        <tr>
          <th scope="col">{t.measure}</th>
          {METHODS.map(method => (
            <th key={method} scope="col">
              {t.methods[method]}
            </th>
          ))}
        </tr>
      </thead>
      {MEASURES.map(measure => (
        <tbody key={measure}>
          <tr>
            <th scope="rowgroup" colSpan={1 + METHODS.length}>
              {t.measures[measure]} <Explain figure={measure} name={t.measures[measure]} />
            </th>
          </tr>
          {evaluation.kinds.map(tested => (
            <tr key={tested.kind}>
              <th scope="row" className={styles.soft}>
                {t.kinds[tested.kind]} · {t.tested(number(tested.listeners))}
              </th>
              {METHODS.map(method => (
                <td key={method}>
                  <Value measure={measure} value={tested[method][measure]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  )
}

/** Of parts of a whole per cent; of listeners their number. */
function Value({ measure, value }: { measure: (typeof MEASURES)[number]; value: number }) {
  const { number, percent } = useFormats()
  return measure === 'listenersAt10' ? number(value) : percent(value)
}
