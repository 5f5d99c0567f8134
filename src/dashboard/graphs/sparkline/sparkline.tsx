/** The course of a figure in a very small graph without axes, beside the figure itself. */

import styles from './sparkline.module.css'
import { pathOf } from './sparkline-path.ts'

interface SparklineProps {
  values: readonly (number | null)[]
  /** Whether the last value is of a time that is not over: the way to it is dashed. */
  isLastOpen?: boolean | undefined
  /** What it shows; without one, those who listen are told nothing, as where the figures stand beside it. */
  label?: string | undefined
}

export function Sparkline({ values, isLastOpen = false, label }: SparklineProps) {
  const { over, open, last } = pathOf(values, isLastOpen)
  return (
    <svg
      className={styles.sparkline}
      viewBox="0 0 100 32"
      preserveAspectRatio="none"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={!label}
    >
      <path d={over} />
      {open && <path className={styles.open} d={open} />}
      {/* A line without length has round ends: a dot that is not stretched with the graph. */}
      {last && <path className={styles.dot} d={`M${last}h0`} />}
    </svg>
  )
}
