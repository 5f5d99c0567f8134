/** A weekday of a heat map. */
import { useFormats } from '../../language/formats.ts'
import styles from './heat-map.module.css'

interface HeatRowProps {
  name: string
  values: readonly number[]
  steps: readonly number[]
  format: (value: number) => string
  /** The hour that is pointed at. */
  at: number | null
  /** The hour by which the Tab key enters the map. */
  entry: number | null
  onFocus: (hour: number) => void
}

export function HeatRow({ name, values, steps, format, at, entry, onFocus }: HeatRowProps) {
  const { compact } = useFormats()
  return (
    <tr>
      <th scope="row">{name}</th>
      {values.map((value, hour) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
          key={hour}
          data-step={steps[hour]}
          data-at={at === hour}
          tabIndex={entry === hour ? 0 : -1}
          onFocus={() => onFocus(hour)}
        >
          <span className="unseen">{format(value)}</span>
          <span className={styles.number} aria-hidden="true">
            {value === 0 ? '' : compact(value)}
          </span>
        </td>
      ))}
    </tr>
  )
}
