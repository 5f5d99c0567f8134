/** A state in a word, with a sign before it: never the colour alone tells states apart. */
import type { ReactNode } from 'react'
import styles from './state.module.css'

export type StateKind = 'good' | 'waiting' | 'doubtful' | 'bad' | 'none'

const SIGNS: Record<StateKind, string> = { good: '✓', waiting: '…', doubtful: '!', bad: '✕', none: '–' }

export function State({ kind, children }: { kind: StateKind; children: ReactNode }) {
  return (
    <span className={`${styles.state} ${styles[kind]}`}>
      <span className={styles.sign} aria-hidden="true">
        {SIGNS[kind]}
      </span>
      {children}
    </span>
  )
}
