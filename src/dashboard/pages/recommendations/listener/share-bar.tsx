/** The shares of a score side by side. Their numbers lead to the table, so that no colour says anything alone. */
import styles from './share-bar.module.css'
import type { Shares } from './shares.ts'

/** A narrower part has no number in it. */
const MIN_NUMBERED = 0.09

export function ShareBar({ shares: { strongest, others } }: { shares: Shares }) {
  const raising = strongest.reduce((sum, { share }) => sum + share, others.share)
  if (raising <= 0) return null
  const widthOf = (share: number) => ({ inlineSize: `${(share / raising) * 100}%` })
  return (
    <span className={styles.bar} aria-hidden="true">
      {strongest.map(({ type, id, share }, i) => (
        <span key={`${type} ${id}`} className={styles.part} style={{ ...widthOf(share), background: colourOf(i) }}>
          {share / raising >= MIN_NUMBERED && i + 1}
        </span>
      ))}
      {others.share > 0 && <span className={`${styles.part} ${styles.others}`} style={widthOf(others.share)} />}
    </span>
  )
}

/** The number of a part, on its colour. */
export function ShareNumber({ index }: { index: number }) {
  return (
    <span className={styles.number} style={{ background: colourOf(index) }}>
      {index + 1}
    </span>
  )
}

/** The pattern of the others. */
export function OthersSign() {
  return <span className={`${styles.number} ${styles.others}`} aria-hidden="true" />
}

const colourOf = (index: number) => `var(--series-${index + 1})`
