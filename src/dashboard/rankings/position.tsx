/** The position of a row, and below or beside it how it moved. */
import type { TrendingRow } from '../../http/trending.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { type Movement, movementOf } from './movement.ts'
import styles from './ranking.module.css'
import { texts } from './texts.ts'

export function Position({ row }: { row: TrendingRow }) {
  const { number } = useFormats()
  const movement = movementOf(row)
  return (
    <span className={styles.position}>
      <span className={styles.rank}>{number(row.rank)}</span>
      {movement && <Moved {...movement} />}
    </span>
  )
}

function Moved({ direction, by }: Movement) {
  const t = useTexts(texts)
  const { number } = useFormats()
  if (direction === 'new') return <span className={styles.fresh}>{t.fresh}</span>
  if (direction === 'same') {
    return (
      <span className={styles.movement} title={t.same}>
        <span aria-hidden="true">=</span>
        <span className="unseen">{t.same}</span>
      </span>
    )
  }
  const [sign, words] = direction === 'up' ? ['▲', t.up(number(by))] : ['▼', t.down(number(by))]
  return (
    <span className={`${styles.movement} ${styles[direction]}`} title={words}>
      <span aria-hidden="true">
        {sign} {number(by)}
      </span>
      <span className="unseen">{words}</span>
    </span>
  )
}
