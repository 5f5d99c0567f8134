/** A few figures in a row, each with its rule and, where it is compared, its change. */
import type { ReactNode } from 'react'
import { Explain } from '../../parts/explain.tsx'
import styles from './figure.module.css'

export function Figures({ children }: { children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>
}

interface FigureProps {
  name: string
  /** The name of its definition. */
  figure: string
  value: ReactNode
  /** Beside the value. */
  change?: ReactNode
}

export function Figure({ name, figure, value, change }: FigureProps) {
  return (
    <div className={styles.figure}>
      <dt className={styles.name}>
        {name} <Explain figure={figure} name={name} />
      </dt>
      <dd>
        <span className={styles.value}>{value}</span> <span className={styles.change}>{change}</span>
      </dd>
    </div>
  )
}
