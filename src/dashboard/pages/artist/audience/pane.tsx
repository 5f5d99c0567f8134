/** A part of the card of the audience. */
import type { ReactNode } from 'react'
import { Explain } from '../../../parts/explain.tsx'
import styles from './audience.module.css'

interface PaneProps {
  title: string
  /** The name of the definition of what it shows. */
  figure?: string
  note?: string
  children: ReactNode
}

export function Pane({ title, figure, note, children }: PaneProps) {
  return (
    <section className={styles.pane}>
      <h3 className={styles.title}>
        {title} {figure && <Explain figure={figure} name={title} />}
      </h3>
      {note && <p className={styles.note}>{note}</p>}
      {children}
    </section>
  )
}
