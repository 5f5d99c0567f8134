/** The place of a time graph whose figures are on their way: as high as the graph. */
import { useTexts } from '../../language/language.tsx'
import { texts } from '../texts.ts'
import styles from './time-graph.module.css'

/** `hasLegend`: the graph will have several lines, or an earlier one. */
export function TimeGraphSkeleton({ hasLegend = false }: { hasLegend?: boolean }) {
  const { loading } = useTexts(texts)
  return (
    <div className={styles.graph} role="status" aria-label={loading}>
      <div className={styles.head} data-legend={hasLegend} />
      <div className={styles.plot}>
        <div className={styles.waiting} />
      </div>
      <div className={styles.actions} />
    </div>
  )
}
