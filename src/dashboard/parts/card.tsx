/** A part of a page with a heading, and with what can be done with it at its end. */
import { type ReactNode, useId } from 'react'
import styles from './card.module.css'

interface CardProps {
  title: ReactNode
  /** What it shows, in a few words below the title. */
  note?: ReactNode
  /** Choices and buttons. */
  actions?: ReactNode
  className?: string
  children: ReactNode
}

export function Card({ title, note, actions, className, children }: CardProps) {
  const heading = useId()
  return (
    <section className={className ? `${styles.card} ${className}` : styles.card} aria-labelledby={heading}>
      <header className={styles.header}>
        <div>
          <h2 id={heading} className={styles.title}>
            {title}
          </h2>
          {note !== undefined && <p className={styles.note}>{note}</p>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  )
}
