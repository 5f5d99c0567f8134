/** How a figure changed since the earlier range: a sign, a colour and words. */
import { useFormats } from '../language/formats.ts'
import { useTexts } from '../language/language.tsx'
import styles from './change.module.css'
import { texts } from './texts.ts'

/** `percent` is as the API gives it: in per cent, null where it was nothing before. `earlier` is the earlier figure, written out. */
export function Change({ percent, earlier }: { percent: number | null; earlier?: string }) {
  const t = useTexts(texts)
  const { change } = useFormats()
  const title = earlier === undefined ? undefined : t.earlier(earlier)
  if (percent === null) {
    return (
      <span className={styles.change} title={title ?? t.wasNothing}>
        –<span className="unseen"> {t.wasNothing}</span>
      </span>
    )
  }
  const [sign, word, className] =
    percent > 0 ? ['▲', t.up, styles.up] : percent < 0 ? ['▼', t.down, styles.down] : ['=', t.unchanged, '']
  return (
    <span className={`${styles.change} ${className}`} title={title}>
      <span aria-hidden="true">{sign} </span>
      <span className="unseen">{word} </span>
      {change(Math.abs(percent)).replace(/^[+−-]/, '')}
    </span>
  )
}
