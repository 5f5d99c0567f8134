/** The place of a time graph whose figures are on their way: as high as the graph. */
import { useTexts } from '../../language/language.tsx'
import { texts } from '../texts.ts'
import styles from './time-graph.module.css'

export function TimeGraphSkeleton() {
  const { loading } = useTexts(texts)
  return (
    <div className={styles.graph} role="status" aria-label={loading}>
      <div className={styles.head} />
      <div className={styles.plot}>
        <div className={styles.waiting} />
      </div>
      <div className={styles.actions} />
    </div>
  )
}
