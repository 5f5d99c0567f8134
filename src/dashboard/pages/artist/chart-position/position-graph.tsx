/** The positions of the weeks as a line, the first position at the top. The table beside it says the same to those who listen. */
import type { PositionWeek } from '../../../../http/position.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import styles from './chart-position.module.css'
import { positionPaths, positionScale } from './position-scale.ts'
import { texts } from './texts.ts'

/** Weeks are those of UTC, for everybody has one chart. */
const ZONE = 'UTC'

export function PositionGraph({ weeks: all }: { weeks: readonly PositionWeek[] }) {
  const t = useTexts(texts)
  const { number, date } = useFormats()
  const { weeks, ticks } = positionScale(all)
  const { over, open } = positionPaths(weeks)
  const [first, last] = [weeks[0], weeks.at(-1)]
  const titleOf = ({ start, position, isOver }: PositionWeek) => {
    const shown = position === null ? t.none : t.position(number(position))
    return `${t.week} ${date(start, ZONE)}: ${shown}${isOver ? '' : `, ${t.notOver}`}`
  }
  return (
    <div className={styles.graph} role="img" aria-label={t.graph}>
      <div className={styles.plot}>
        {ticks.map(({ position, y }) => (
          <span key={position} className={styles.tick} style={{ top: `${y * 100}%` }}>
            {number(position)}
          </span>
        ))}
        <svg className={styles.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {ticks.map(({ position, y }) => (
            <path key={position} className={styles.grid} d={`M0 ${y * 100}H100`} />
          ))}
          <path className={styles.line} d={over} />
          <path className={`${styles.line} ${styles.open}`} d={open} />
          {weeks.map(
            ({ week, x, y }) =>
              y !== null && (
                // A line without length has round ends: a dot that is not stretched with the graph.
                <path key={week.start} className={styles.dot} data-over={week.isOver} d={`M${x * 100} ${y * 100}h0`} />
              ),
          )}
        </svg>
        <div className={styles.columns}>
          {weeks.map(({ week }) => (
            <span key={week.start} title={titleOf(week)} />
          ))}
        </div>
      </div>
      {first && last && (
        <p className={styles.dates}>
          <span>{date(first.week.start, ZONE)}</span>
          {last !== first && <span>{date(last.week.start, ZONE)}</span>}
        </p>
      )}
    </div>
  )
}
