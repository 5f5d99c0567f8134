/** The plays of today by hour, and those of the same weekday before. */
import type { PlatformKpis } from '../../../http/kpis.ts'
import { useView } from '../../address/view.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { SmallBars } from './small-bars.tsx'
import { texts } from './texts.ts'
import styles from './today.module.css'

/** The hours whose names stand below the bars. */
const NAMED_EVERY = 6

/** `now` in milliseconds: hours that begin later have no figure yet. */
export function Hours({ kpis: { series = [], previous }, now }: { kpis: PlatformKpis; now: number }) {
  const t = useTexts(texts)
  const { tz } = useView()
  const { dateParts, number } = useFormats()
  const hourOf = (start: string) => dateParts(start, tz, { timeStyle: 'short' })
  const earlier = previous?.series ?? []
  const before = earlier[0] ? t.barsBefore(dateParts(earlier[0].start, tz, { weekday: 'long' })) : ''
  const begun = series.filter(({ start }) => Date.parse(start) <= now)
  const bars = begun.map(({ start, plays }, hour) => {
    const then = earlier[hour]?.plays
    const compared = then === undefined ? '' : ` · ${before}: ${number(then)}`
    return { value: plays, earlier: then, title: `${hourOf(start)} · ${t.barsToday}: ${number(plays)}${compared}` }
  })
  return (
    <div className={styles.hours}>
      <div className={styles.bars}>
        <SmallBars
          label={`${t.hours}: ${t.barsToday}, ${before}`}
          bars={bars}
          places={series.length}
          isLastOpen={begun.length > 0}
        />
      </div>
      <div className={styles.axis} aria-hidden="true">
        {series
          .filter((_, hour) => hour % NAMED_EVERY === 0)
          .map(({ start }) => (
            <span key={start} style={{ flexGrow: NAMED_EVERY }}>
              {hourOf(start)}
            </span>
          ))}
      </div>
      <ul className={styles.legend} aria-hidden="true">
        <li className={styles.ofToday}>{t.barsToday}</li>
        {before && <li className={styles.ofBefore}>{before}</li>}
      </ul>
    </div>
  )
}
