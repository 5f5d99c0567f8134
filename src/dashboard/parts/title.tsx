/** The heading of a page, which is the name of its tab too, with what belongs beside it. */
import type { ReactNode } from 'react'
import styles from './title.module.css'

interface TitleProps {
  children: string
  /** A picture before it. */
  before?: ReactNode
  /** A line below it. */
  note?: ReactNode
  /** Choices at its end. */
  actions?: ReactNode
}

export function Title({ children, before, note, actions }: TitleProps) {
  return (
    <header className={styles.header}>
      <title>{`${children} · UnderSounds Stats`}</title>
      {before}
      <div className={styles.text}>
        {/* Who comes by the keyboard or listens is set here when the page changes. */}
        <h1 className={styles.title} tabIndex={-1}>
          {children}
        </h1>
        {note !== undefined && <div className={styles.note}>{note}</div>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}
