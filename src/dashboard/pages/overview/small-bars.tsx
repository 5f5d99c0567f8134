/** Bars of a small graph without axes, beside the figure that they belong to; lines say how much it was earlier. */
import styles from './small-bars.module.css'

interface SmallBar {
  value: number
  /** Drawn as a line. */
  earlier?: number | undefined
  /** Shown to the pointer. */
  title: string
}

interface SmallBarsProps {
  /** What they show, for those who listen. */
  label: string
  bars: readonly SmallBar[]
  /** How many there is room for. */
  places: number
  /** Whether the time of the last one is not over. */
  isLastOpen: boolean
}

/** Of a place, and of the whole height, in the units of the drawing. */
const WIDTH = 10
const HEIGHT = 100

export function SmallBars({ label, bars, places, isLastOpen }: SmallBarsProps) {
  const most = Math.max(1, ...bars.map(({ value, earlier = 0 }) => Math.max(value, earlier)))
  const heightOf = (value: number) => (Math.max(value, 0) / most) * HEIGHT
  return (
    <svg
      className={styles.bars}
      viewBox={`0 0 ${places * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.map(({ value, earlier, title }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bar of a place stays there
        <g key={place} className={isLastOpen && place === bars.length - 1 ? styles.open : undefined}>
          <title>{title}</title>
          <rect className={styles.place} x={place * WIDTH} y="0" width={WIDTH} height={HEIGHT} />
          <rect
            x={place * WIDTH + 1.5}
            y={HEIGHT - heightOf(value)}
            width={WIDTH - 3}
            height={heightOf(value)}
            className={styles.bar}
          />
          {earlier !== undefined && (
            <path className={styles.earlier} d={`M${place * WIDTH + 0.5} ${HEIGHT - heightOf(earlier)}h${WIDTH - 1}`} />
          )}
        </g>
      ))}
      <path className={styles.ground} d={`M0 ${HEIGHT}h${places * WIDTH}`} />
    </svg>
  )
}
