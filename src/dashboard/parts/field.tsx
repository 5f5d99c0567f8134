/** A field of a form with its name, and what is wrong with what stands in it. */
import type { ReactNode } from 'react'
import styles from './field.module.css'

interface FieldProps {
  label: string
  problem?: string | undefined
  /** The input, select or textarea. */
  children: ReactNode
}

export function Field({ label, problem, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label className={styles.field}>
      <span className={styles.label}>{label}</span>
      {children}
      {problem !== undefined && (
        <span className={styles.problem} role="alert">
          {problem}
        </span>
      )}
    </label>
  )
}
