/** Chooses all letters of a page, and says what can be done with those that are chosen, or with all where none is. */
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Button } from '../../../parts/button.tsx'
import type { Action, Which } from './actions.ts'
import styles from './dead-letters.module.css'
import { type Letter, useLetterSummary } from './letters.ts'
import { texts } from './texts.ts'

interface ActionBarProps {
  letters: readonly Letter[]
  chosen: readonly Letter[]
  reason: string | null
  onChooseAll: (isAll: boolean) => void
  onRequest: (action: Action) => void
}

export function ActionBar({ letters, chosen, reason, onChooseAll, onRequest }: ActionBarProps) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const summary = useLetterSummary().data
  const ofFilter = reason === null ? summary?.total : summary?.byReason[reason]
  const which: Which = chosen.length > 0 ? { letters: chosen } : { reason }
  const count = number(chosen.length > 0 ? chosen.length : (ofFilter ?? 0))
  const names = chosen.length > 0 ? t.chosen : t.whole
  return (
    <div className={styles.bar}>
      <label className={styles.choose}>
        <input
          type="checkbox"
          checked={chosen.length === letters.length}
          onChange={event => onChooseAll(event.target.checked)}
        />
        <span>{t.choosePage}</span>
      </label>
      <div className={styles.buttons}>
        <Button onClick={() => onRequest({ verb: 'replay', which })}>{names.replay(count)}</Button>
        <Button onClick={() => onRequest({ verb: 'delete', which })}>{names.delete(count)}</Button>
      </div>
    </div>
  )
}
