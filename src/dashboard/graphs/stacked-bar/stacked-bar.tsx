/** The parts of a whole in one bar, with a legend that has their values: told apart by colour, by hatching and by their order. */
import { useFormats } from '../../language/formats.ts'
import styles from './stacked-bar.module.css'

export interface BarPart {
  name: string
  value: number
}

interface StackedBarProps {
  /** What the whole is, for those who listen. */
  label: string
  /** Up to five. */
  parts: readonly BarPart[]
  format: (value: number) => string
}

export function StackedBar({ label, parts, format }: StackedBarProps) {
  const { percent } = useFormats()
  const total = parts.reduce((sum, { value }) => sum + value, 0)
  return (
    <div className={styles.stackedBar}>
      <div className={styles.bar} aria-hidden="true">
        {parts.map(({ name, value }, i) => (
          <span key={name} data-part={i + 1} style={{ flexGrow: value }} hidden={value <= 0} />
        ))}
      </div>
      <ul className={styles.legend} aria-label={label}>
        {parts.map(({ name, value }, i) => (
          <li key={name}>
            <span className={styles.swatch} data-part={i + 1} aria-hidden="true" />
            <span className={styles.name}>{name}</span> <strong>{format(value)}</strong>{' '}
            {total > 0 && <span className={styles.share}>{percent(value / total)}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
