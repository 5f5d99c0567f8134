/** The weeks with their positions as a table, the newest first. */
import type { PositionWeek } from '../../../../http/position.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import styles from './chart-position.module.css'
import { PlacesGained } from './places-gained.tsx'
import { positionScale } from './position-scale.ts'
import { texts } from './texts.ts'

export function PositionTable({ weeks }: { weeks: readonly PositionWeek[] }) {
  const t = useTexts(texts)
  const { number, date } = useFormats()
  const shown = positionScale(weeks).weeks.toReversed()
  return (
    <details className={styles.details}>
      <summary>{t.table}</summary>
      <table className={styles.table}>
        <caption className="unseen">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.week}</th>
            <th scope="col">{t.positionHead}</th>
            <th scope="col">{t.change}</th>
            <th scope="col">{t.plays}</th>
            <th scope="col">
              {t.eligible} <Explain figure="eligiblePlays" name={t.eligible} />
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ week }) => (
            <tr key={week.start}>
              <th scope="row">
                {date(week.start, 'UTC')} {!week.isOver && <small>{t.notOver}</small>}
              </th>
              <td>{week.position === null ? '–' : number(week.position)}</td>
              <td>
                <PlacesGained places={week.change} />
              </td>
              <td>{number(week.plays)}</td>
              <td>{number(week.eligiblePlays)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
