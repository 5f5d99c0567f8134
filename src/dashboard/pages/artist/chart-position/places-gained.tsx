/** How many places an artist rose or fell since the week before. */
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import styles from './chart-position.module.css'
import { texts } from './texts.ts'

/** `places` as the API gives them: below zero where they were lost, null without both positions. */
export function PlacesGained({ places }: { places: number | null }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  if (places === null) return null
  const count = number(Math.abs(places))
  const [sign, words, direction] =
    places > 0
      ? [`▲ ${count}`, t.gained(count), 'up']
      : places < 0
        ? [`▼ ${count}`, t.lost(count), 'down']
        : ['=', t.same, 'same']
  return (
    <span className={styles.gained} data-direction={direction} title={words}>
      <span aria-hidden="true">{sign}</span>
      <span className="unseen">{words}</span>
    </span>
  )
}
