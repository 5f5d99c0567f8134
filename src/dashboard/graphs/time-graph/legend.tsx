/** Which line of a time graph is which: by colour, dash and name. */

import { DASHES, EARLIER_DASH } from './dashes.ts'
import type { GraphData } from './graph-data.ts'
import styles from './legend.module.css'

/** Nothing for a single line: the title of the graph says what it is. */
export function Legend({ series, earlier }: Pick<GraphData, 'series' | 'earlier'>) {
  if (series.length === 1 && !earlier) return null
  return (
    <ul className={styles.legend}>
      {series.map(({ name }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two releases may have one title
        <li key={i}>
          <Swatch index={i} />
          {name}
        </li>
      ))}
      {earlier && (
        <li>
          <EarlierSwatch />
          {earlier.name}
        </li>
      )}
    </ul>
  )
}

export const Swatch = ({ index }: { index: number }) => (
  <Stroke colour={`var(--series-${index + 1})`} dash={DASHES[index]!} />
)

export const EarlierSwatch = () => (
  <Stroke colour="color-mix(in srgb, var(--series-1) 60%, transparent)" dash={EARLIER_DASH} />
)

function Stroke({ colour, dash }: { colour: string; dash: readonly number[] }) {
  return (
    <svg className={styles.swatch} viewBox="0 0 22 8" aria-hidden="true">
      <line
        x1="1"
        x2="21"
        y1="4"
        y2="4"
        style={{ stroke: colour }}
        strokeWidth="2.5"
        strokeDasharray={dash.join(' ')}
      />
    </svg>
  )
}
