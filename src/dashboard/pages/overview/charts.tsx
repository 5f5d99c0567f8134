/** The most played tracks and albums and the artists with most followers of a week, or those that rise. */
import { useId } from 'react'
import { KINDS, type RankingQuestion } from '../../rankings/question.ts'
import { RankingCard } from '../../rankings/ranking-card.tsx'
import { Later } from './later.tsx'
import styles from './overview.module.css'

const ROWS = 5

export function Charts({ mode, title }: { mode: RankingQuestion['mode']; title: string }) {
  const heading = useId()
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className={styles.heading}>
        {title}
      </h2>
      <div className={styles.charts}>
        {KINDS.map(kind => (
          <Later key={kind} height="23.5rem">
            <RankingCard kind={kind} mode={mode} period="week" limit={ROWS} />
          </Later>
        ))}
      </div>
    </section>
  )
}
