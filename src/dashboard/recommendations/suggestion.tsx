/** Something that is recommended: its picture and its name, and its score. */
import type { Linked } from '../address/paths.ts'
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import { texts as layoutTexts } from '../layout/texts.ts'
import { Entity } from '../parts/entity.tsx'
import styles from './suggestion.module.css'
import { texts } from './texts.ts'

interface SuggestedProps {
  item: { type: Linked; id: string; title: string | null; artist: string | null; coverImage: string | null }
  /** Whether others in the list are of another kind. */
  isMixed?: boolean
}

export function Suggested({ item: { type, id, title, artist, coverImage }, isMixed = false }: SuggestedProps) {
  const { kinds } = useTexts(layoutTexts)
  return (
    <Entity
      kind={type}
      id={id}
      name={title ?? id}
      cover={coverImage}
      {...(isMixed && { note: kinds[type] })}
      artist={type === 'artist' ? null : artist}
    />
  )
}

/** From 0 to 1, as a bar with the number. */
export function Score({ score }: { score: number }) {
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
