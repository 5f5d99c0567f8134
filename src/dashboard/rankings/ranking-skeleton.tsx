/** The place of a ranking that is being loaded, of the same height. */
import { Skeleton } from '../parts/skeleton.tsx'
import styles from './ranking.module.css'

/** `isDetailed`: of one that has a column between name and value. */
export function RankingSkeleton({ rows, isDetailed = false }: { rows: number; isDetailed?: boolean }) {
  return (
    <div className={isDetailed ? `${styles.waiting} ${styles.detailed}` : styles.waiting}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row}>
          <Skeleton height="2.5rem" />
        </div>
      ))}
    </div>
  )
}
