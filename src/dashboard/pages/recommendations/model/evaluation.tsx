/** How good the model is on days that it has not seen, beside what most people play. */
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import type { ModelState } from '../../../recommendations/answers.ts'
import styles from './model.module.css'
import { texts } from './texts.ts'

const MEASURES = ['ndcg10', 'recall20', 'coverage10', 'popularity10'] as const

export function Evaluation({ evaluation }: Pick<ModelState, 'evaluation'>) {
  const t = useTexts(texts)
  const { number, date } = useFormats()
  if (evaluation === null) return <p className={styles.soft}>{t.noEvaluation}</p>
  const { from, until, listeners, methods } = evaluation
  return (
    <table className={styles.table}>
      <caption>{t.evaluation(date(from, 'UTC'), date(until, 'UTC'), number(listeners))}</caption>
      <thead>
        <tr>
          <th scope="col">{t.measure}</th>
          {methods.map(({ method }) => (
            <th key={method} scope="col">
              {t.methods[method]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {MEASURES.map(measure => (
          <tr key={measure}>
            <th scope="row">
              {t.measures[measure]} <Explain figure={measure} name={t.measures[measure]} />
            </th>
            {methods.map(found => (
              <td key={found.method}>
                <Value measure={measure} value={found[measure]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Of parts of a whole per cent; of listeners their number. */
function Value({ measure, value }: { measure: (typeof MEASURES)[number]; value: number }) {
  const { number, percent } = useFormats()
  return measure === 'popularity10' ? number(value) : percent(value)
}
