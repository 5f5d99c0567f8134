/** How far it is to the next milestones. */
import type { Milestones } from '../../../../http/milestones.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import styles from './milestones.module.css'
import { texts } from './texts.ts'

export function Next({ next }: Pick<Milestones, 'next'>) {
  const t = useTexts(texts)
  const { number } = useFormats()
  return (
    <section>
      <h3 className={styles.heading}>{t.next}</h3>
      <ul className={styles.list}>
        {next.map(({ measure, count, next }) => (
          <li key={measure} className={styles.next}>
            <span>{t.measures[measure]}</span>
            <span className={styles.soft}>{t.progress(number(count), number(next))}</span>
            <span className={styles.track}>
              <span className={styles.bar} style={{ inlineSize: `${(count / next) * 100}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
