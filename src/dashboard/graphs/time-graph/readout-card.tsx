/** What the crosshair points at, beside it. */
import { useTexts } from '../../language/language.tsx'
import { texts } from '../texts.ts'
import { EarlierSwatch, Swatch } from './legend.tsx'
import type { Readout } from './readout.ts'
import styles from './readout-card.module.css'

interface ReadoutCardProps {
  readout: Readout
  /** CSS pixels from the left of the graph. */
  x: number
  /** Whether it stands on the left of `x`. */
  isLeft: boolean
}

/** Hidden from those who listen: they are told by a live region. */
export function ReadoutCard({ readout, x, isLeft }: ReadoutCardProps) {
  const text = useTexts(texts)
  const { when, values, earlier, change, marks } = readout
  return (
    <div className={styles.card} data-left={isLeft} style={{ left: x }} aria-hidden="true">
      <p className={styles.when}>{when}</p>
      <ul className={styles.values}>
        {values.map((each, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two releases may have one title
          <li key={i}>
            <Swatch index={i} />
            <span className={styles.name}>{each.name}</span>
            <strong>{each.value}</strong>
            {(each.when || each.isOpen) && (
              <small>{[each.when, each.isOpen && text.notOver].filter(Boolean).join(', ')}</small>
            )}
          </li>
        ))}
        {earlier && (
          <li>
            <EarlierSwatch />
            <span className={styles.name}>{earlier.name}</span>
            <strong>{earlier.value}</strong>
            {earlier.when && <small>{earlier.when}</small>}
          </li>
        )}
      </ul>
      {change && (
        <p className={styles.change}>
          {text.change} <strong>{change}</strong>
        </p>
      )}
      {marks.map(mark => (
        <p key={`${mark.at} ${mark.label}`} className={styles.mark}>
          {mark.label}
        </p>
      ))}
    </div>
  )
}
