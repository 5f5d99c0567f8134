/** A list of what is recommended, best first: picture, name, artist, score, the reason in words, and what led to it. */

import type { Recommendation } from '../../../../http/recommendations.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { Skeleton } from '../../../parts/skeleton.tsx'
import { Score, Suggested } from '../../../recommendations/suggestion.tsx'
import { ReasonInWords } from './reason.tsx'
import styles from './suggestions.module.css'
import { texts } from './texts.ts'
import { Why } from './why.tsx'

interface SuggestionsProps {
  label: string
  items: readonly Recommendation[]
}

export function Suggestions({ label, items }: SuggestionsProps) {
  const { number } = useFormats()
  const isMixed = items.some(({ type }) => type !== items[0]?.type)
  return (
    <ol className={styles.list} aria-label={label}>
      {items.map((item, i) => (
        <li key={`${item.type} ${item.id}`} className={styles.item}>
          <span className={styles.position}>{number(i + 1)}</span>
          <Suggested item={item} isMixed={isMixed} />
          <Score score={item.score} />
          <div className={styles.reason}>
            {item.exploration && <Explore />}
            <ReasonInWords {...item} />
          </div>
          {item.because.length > 0 && (
            <div className={styles.why}>
              <Why of={item.title ?? item.id} because={item.because} />
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}

/** Marks what is there so that the small are recommended too. */
function Explore() {
  const t = useTexts(texts)
  return (
    <span className={styles.explore}>
      <span aria-hidden="true">✦ </span>
      {t.explore}
      <Explain figure="exploration" name={t.explorationName} />
    </span>
  )
}

export function SuggestionsSkeleton({ rows }: { rows: number }) {
  return (
    <div className={styles.list}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className={styles.waiting}>
          <Skeleton height="2.5rem" />
        </div>
      ))}
    </div>
  )
}
