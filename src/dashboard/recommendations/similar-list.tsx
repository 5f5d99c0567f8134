/** What is similar, the nearest first. */

import type { SimilarAlbum } from '../../http/recommendations.ts'
import { Skeleton } from '../parts/skeleton.tsx'
import styles from './similar-list.module.css'
import { Score, Suggested } from './suggestion.tsx'

export function SimilarList({ label, items }: { label: string; items: readonly SimilarAlbum[] }) {
  return (
    <ol className={styles.list} aria-label={label}>
      {items.map(item => (
        <li key={`${item.type} ${item.id}`} className={styles.item}>
          <Suggested item={item} />
          <Score score={item.score} />
        </li>
      ))}
    </ol>
  )
}

export function SimilarSkeleton({ rows }: { rows: number }) {
  return (
    <div className={styles.list}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className={styles.item}>
          <Skeleton height="2.5rem" />
        </div>
      ))}
    </div>
  )
}
