/** Names with their values: a grid of as many columns as there is room for. */
import type { ReactNode } from 'react'
import styles from './facts.module.css'

interface Fact {
  name: string
  value: ReactNode
  note?: ReactNode
}

/** Large values are for the few that are looked at first. */
export function Facts({ facts, large = false }: { facts: readonly Fact[]; large?: boolean }) {
  return (
    <dl className={large ? `${styles.facts} ${styles.large}` : styles.facts}>
      {facts.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={styles.value}>{value}</dd>
          {note !== undefined && <dd className={styles.note}>{note}</dd>}
        </div>
      ))}
    </dl>
  )
}
