/** A grey place of the size of a section's content, which is higher where the section is narrow. */
import { Skeleton } from '../../parts/skeleton.tsx'
import styles from './waiting.module.css'

/** Heights are CSS lengths. */
export function Waiting({ wide, narrow }: { wide: string; narrow: string }) {
  return (
    <>
      <div className={styles.wide}>
        <Skeleton height={wide} />
      </div>
      <div className={styles.narrow}>
        <Skeleton height={narrow} />
      </div>
    </>
  )
}
