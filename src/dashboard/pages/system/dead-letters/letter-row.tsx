/** A dead letter in the list, and below it what is inside, where the address says that it is open. */
import { useId } from 'react'
import { useParameters } from '../../../address/parameters.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import type { Action } from './actions.ts'
import styles from './dead-letters.module.css'
import { LetterDetail } from './letter-detail.tsx'
import type { Letter } from './letters.ts'
import { texts } from './texts.ts'
import type { LetterActions } from './use-actions.ts'

interface LetterRowProps {
  letter: Letter
  isChosen: boolean
  onChoose: (isChosen: boolean) => void
  onRequest: (action: Action) => void
  onRepair: LetterActions['run']
}

export function LetterRow({ letter, isChosen, onChoose, onRequest, onRepair }: LetterRowProps) {
  const t = useTexts(texts)
  const { dateParts } = useFormats()
  const { tz } = useView()
  const { parameters, change } = useParameters()
  const detail = useId()
  const isOpen = parameters.get('letter') === letter.id
  const first = letter.errors[0]
  return (
    <li className={styles.row}>
      <div className={styles.head}>
        <label className={styles.choose}>
          <input
            type="checkbox"
            aria-label={t.choose(letter.id)}
            checked={isChosen}
            onChange={event => onChoose(event.target.checked)}
          />
        </label>
        <button
          type="button"
          className={styles.open}
          aria-expanded={isOpen}
          aria-controls={isOpen ? detail : undefined}
          onClick={() => change({ letter: isOpen ? null : letter.id })}
        >
          <span className={styles.what}>
            <code className={styles.reason}>{letter.reason}</code>{' '}
            <span>{first && `${first.path} ${first.message}`}</span>
          </span>
          <span className={styles.note}>
            <time dateTime={letter.receivedAt}>
              {dateParts(letter.receivedAt, tz, { dateStyle: 'medium', timeStyle: 'medium' })}
            </time>{' '}
            · {letter.id}
          </span>
          <span className={styles.arrow} aria-hidden="true">
            ▾
          </span>
        </button>
      </div>
      {isOpen && (
        <div id={detail} className={styles.detail}>
          <LetterDetail letter={letter} onRequest={onRequest} onRepair={onRepair} />
        </div>
      )}
    </li>
  )
}
