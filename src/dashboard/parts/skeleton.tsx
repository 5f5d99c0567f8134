/** A grey place of the size of what is being loaded. */
import styles from './skeleton.module.css'

/** `height` and `width` are CSS lengths; the width is that of the place where it is absent. */
export function Skeleton({ height, width }: { height: string; width?: string }) {
  return <div className={styles.skeleton} style={{ height, width: width ?? '100%' }} />
}

/** As many rows as will come, each of the height of one. */
export function SkeletonRows({ rows, height }: { rows: number; height: string }) {
  return (
    <div className={styles.rows}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} style={{ height }}>
          <Skeleton height="60%" />
        </div>
      ))}
    </div>
  )
}
