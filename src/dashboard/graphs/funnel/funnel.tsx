/** Steps of which each has only people of the step before: how many, and which share went on. */
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { texts } from '../texts.ts'
import styles from './funnel.module.css'

interface FunnelPart {
  name: string
  count: number
  /** Per cent, as the API gives it; null where there is no step before, or nobody in it. */
  percentOfStepBefore: number | null
}

export function Funnel({ label, steps }: { label: string; steps: readonly FunnelPart[] }) {
  const { ofStepBefore } = useTexts(texts)
  const { number, percent } = useFormats()
  const most = Math.max(1, ...steps.map(({ count }) => count))
  return (
    <ol className={styles.funnel} aria-label={label}>
      {steps.map(({ name, count, percentOfStepBefore }) => (
        <li key={name}>
          <span className={styles.name}>{name}</span>
          <strong>{number(count)}</strong>
          <span className={styles.track}>
            <span className={styles.bar} style={{ inlineSize: `${(count / most) * 100}%` }} />
          </span>
          {percentOfStepBefore !== null && (
            <span className={styles.share}>{ofStepBefore(percent(percentOfStepBefore / 100))}</span>
          )}
        </li>
      ))}
    </ol>
  )
}
