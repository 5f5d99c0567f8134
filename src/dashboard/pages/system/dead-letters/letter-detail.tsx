/** What is inside a dead letter: the event as it came, beside what is wrong with it. It can be repaired there. */
import { useState } from 'react'
import type { DeadLetterPage } from '../../../../http/dead-letters.ts'
import { useTexts } from '../../../language/language.tsx'
import { Button } from '../../../parts/button.tsx'
import type { Action } from './actions.ts'
import styles from './letter-detail.module.css'
import { type Letter, SET_ASIDE } from './letters.ts'
import { Repair } from './repair.tsx'
import { texts } from './texts.ts'
import type { LetterActions } from './use-actions.ts'

type Faults = DeadLetterPage['items'][number]['errors']

interface LetterDetailProps {
  letter: Letter
  onRequest: (action: Action) => void
  onRepair: LetterActions['run']
}

export function LetterDetail({ letter, onRequest, onRepair }: LetterDetailProps) {
  const t = useTexts(texts)
  const [isRepairing, setRepairing] = useState(false)
  const [faults, setFaults] = useState<Faults>()
  const which = { letters: [letter] }
  const isSetAside = letter.reason === SET_ASIDE
  return (
    <div className={styles.detail}>
      <div className={styles.event}>
        {isRepairing ? (
          <Repair
            letter={letter}
            onRepair={onRepair}
            onFaults={setFaults}
            onClose={() => {
              setRepairing(false)
              setFaults(undefined)
            }}
          />
        ) : (
          <>
            <h3 className={styles.title}>{t.event}</h3>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
            <pre tabIndex={0}>{letter.text}</pre>
            {letter.cut && <p>{t.cut}</p>}
            {isSetAside && <p>{t.setAsideRepair}</p>}
            <div className={styles.buttons}>
              <Button onClick={() => setRepairing(true)}>{t.repair}</Button>
              {!letter.cut && !isSetAside && (
                <Button onClick={() => onRequest({ verb: 'replay', which })}>{t.replayAsIs}</Button>
              )}
              <Button onClick={() => onRequest({ verb: 'delete', which })}>{t.delete}</Button>
            </div>
          </>
        )}
      </div>
      <div>
        <h3 className={styles.title}>{faults ? t.faultsOfRepair : t.faults}</h3>
        <FaultList faults={faults ?? letter.errors} />
      </div>
    </div>
  )
}

function FaultList({ faults }: { faults: Faults }) {
  const t = useTexts(texts)
  return (
    <ul className={styles.faults}>
      {faults.map(({ path, code, message }) => (
        <li key={`${path} ${code} ${message}`}>
          <b>{path || t.wholeEvent}</b> {message} <code>{code}</code>
        </li>
      ))}
    </ul>
  )
}
