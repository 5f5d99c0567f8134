/** A list of what is recommended, best first: picture, name, artist, score and why. */
import type { Recommendation, SimilarAlbum } from '../../../http/recommendations.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { texts as layoutTexts } from '../../layout/texts.ts'
import { Entity } from '../../parts/entity.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { ReasonInWords } from './reason.tsx'
import styles from './recommendations.module.css'
import { texts } from './texts.ts'

interface SuggestionsProps {
  label: string
  items: readonly (Recommendation | SimilarAlbum)[]
  /** Whether each says why; without, all have the same reason. */
  hasReasons?: boolean
}

export function Suggestions({ label, items, hasReasons = false }: SuggestionsProps) {
  return (
    <ol className={styles.list} aria-label={label}>
      {items.map((item, i) => (
        <li key={`${item.type} ${item.id}`} className={styles.item}>
          <span className={styles.position}>{i + 1}</span>
          <Suggested item={item} />
          <Score score={item.score} />
          {hasReasons && (
            <span className={styles.reason}>
              <ReasonInWords {...item} />
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}

function Suggested({ item: { type, id, title, artist, coverImage } }: { item: SimilarAlbum }) {
  const { kinds } = useTexts(layoutTexts)
  return (
    <Entity
      kind={type}
      id={id}
      name={title ?? id}
      cover={coverImage}
      note={kinds[type]}
      artist={type === 'artist' ? null : artist}
    />
  )
}

/** From 0 to 1, as a bar with the number. */
function Score({ score }: { score: number }) {
  const t = useTexts(texts)
  const { percent } = useFormats()
  return (
    <span className={styles.score} title={t.score}>
      <span className="unseen">{t.score} </span>
      {percent(score)}
      <span className={styles.track}>
        <span style={{ inlineSize: `${score * 100}%` }} />
      </span>
    </span>
  )
}

export function SuggestionsSkeleton({ rows, hasReasons = false }: { rows: number; hasReasons?: boolean }) {
  return (
    <div className={styles.list}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className={hasReasons ? `${styles.waiting} ${styles.long}` : styles.waiting}>
          <Skeleton height="2.5rem" />
        </div>
      ))}
    </div>
  )
}
