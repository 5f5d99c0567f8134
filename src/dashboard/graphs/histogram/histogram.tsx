/** How many have how much: a column a bucket, with its number above and its name below. */
import styles from './histogram.module.css'

interface HistogramColumn {
  /** Such as "1" or "6–10". */
  name: string
  value: number
}

interface HistogramProps {
  /** What it shows, for those who listen. */
  label: string
  columns: readonly HistogramColumn[]
  /** What the names count, below them. */
  axis: string
  format: (value: number) => string
}

export function Histogram({ label, columns, axis, format }: HistogramProps) {
  const most = Math.max(1, ...columns.map(({ value }) => value))
  return (
    <figure>
      <ol className={styles.histogram} aria-label={label}>
        {columns.map(({ name, value }) => (
          <li key={name}>
            <span className={styles.name}>{name}</span>
            <span className={styles.column}>
              <span className={styles.value}>{format(value)}</span>
              <span className={styles.bar} style={{ blockSize: `calc((100% - 1.25rem) * ${value / most})` }} />
            </span>
          </li>
        ))}
      </ol>
      <figcaption className={styles.axis}>{axis}</figcaption>
    </figure>
  )
}
