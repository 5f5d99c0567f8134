/** Shows what is further below when it comes near what is looked at, or when nothing else is to be done; until then its place. */
import type { ReactNode } from 'react'
import { useNear } from '../../parts/near.ts'
import { Skeleton } from '../../parts/skeleton.tsx'
import styles from './overview.module.css'

/** `height` is that of what comes. */
export function Later({ height, children }: { height: string; children: ReactNode }) {
  const [element, isNear] = useNear()
  return (
    <div ref={element} className={styles.later}>
      {isNear ? children : <Skeleton height={height} />}
    </div>
  )
}
