/** The day, the week and the month with the most plays ever. */
import type { Milestones } from '../../../../http/milestones.ts'
import { useView } from '../../../address/view.ts'
import { pointLabel } from '../../../graphs/axes/point-label.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import styles from './milestones.module.css'
import { texts } from './texts.ts'

const PERIODS = ['day', 'week', 'month'] as const

export function Best({ best }: Pick<Milestones, 'best'>) {
  const t = useTexts(texts)
  const { tz } = useView()
  const formats = useFormats()
  return (
    <section>
      <h3 className={styles.heading}>
        {t.best} <Explain figure="best" name={t.best} />
      </h3>
      {best.day === null && <p className={styles.soft}>{t.never}</p>}
      <ul className={styles.list}>
        {PERIODS.map(period => {
          const found = best[period]
          if (!found) return null
          return (
            <li key={period} className={styles.item}>
              <span>
                <strong>{t.bests[period]}</strong>{' '}
                <span className={styles.soft}>{pointLabel(found, period, tz, formats)}</span>
              </span>
              <span>{t.count.plays(formats.number(found.plays), forms => formats.plural(found.plays, forms))}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
