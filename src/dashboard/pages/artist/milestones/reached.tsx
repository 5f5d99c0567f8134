/** The milestones of the range, the newest first. */
import { useState } from 'react'
import type { Milestones } from '../../../../http/milestones.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Button } from '../../../parts/button.tsx'
import styles from './milestones.module.css'
import { texts } from './texts.ts'

/** So many are shown at first. */
const FIRST = 6

export function Reached({ items }: Pick<Milestones, 'items'>) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { number, plural, date } = useFormats()
  const [isWhole, setWhole] = useState(false)
  return (
    <section>
      <h3 className={styles.heading}>{t.reached}</h3>
      {items.length === 0 && <p className={styles.soft}>{t.none}</p>}
      <ul className={styles.list}>
        {items.slice(0, isWhole ? items.length : FIRST).map(({ measure, reached, at }) => (
          <li key={`${measure} ${reached}`} className={styles.item}>
            <span>{t.count[measure](number(reached), forms => plural(reached, forms))}</span>
            <span className={styles.soft}>{date(at, tz)}</span>
          </li>
        ))}
      </ul>
      {!isWhole && items.length > FIRST && (
        <Button onClick={() => setWhole(true)}>{t.more(number(items.length))}</Button>
      )}
    </section>
  )
}
