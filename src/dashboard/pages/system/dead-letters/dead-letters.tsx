/** Events that were refused: how many of which reason, a list of them, and what can be done with them. */
import { lazy, Suspense, useState } from 'react'
import { useParameters } from '../../../address/parameters.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { Choices } from '../../../parts/choices.tsx'
import { Skeleton } from '../../../parts/skeleton.tsx'
import type { Action } from './actions.ts'
import styles from './dead-letters.module.css'
import { LetterList } from './letter-list.tsx'
import { useLetterSummary } from './letters.ts'
import { texts } from './texts.ts'
import { Told } from './told.tsx'
import { useLetterActions } from './use-actions.ts'

const DeleteQuestion = lazy(() => import('./delete-question.tsx'))

export function DeadLetters() {
  const t = useTexts(texts)
  const { parameters } = useParameters()
  const reason = parameters.get('reason')
  const cursor = parameters.get('letters')
  const actions = useLetterActions()
  const [asked, setAsked] = useState<Action | null>(null)
  const request = (action: Action) => (action.verb === 'delete' ? setAsked(action) : actions.run(action))
  return (
    <Card title={t.deadLetters} note={t.note}>
      <div className={styles.top}>
        <Reasons reason={reason} />
        <Told actions={actions} />
      </div>
      <LetterList
        key={`${reason} ${cursor}`}
        reason={reason}
        cursor={cursor}
        onRequest={request}
        onRepair={actions.run}
      />
      <Suspense>
        {asked?.verb === 'delete' && (
          <DeleteQuestion which={asked.which} onYes={() => actions.run(asked)} onClose={() => setAsked(null)} />
        )}
      </Suspense>
    </Card>
  )
}

/** The filter: each reason with its count, most first. */
function Reasons({ reason }: { reason: string | null }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const { change } = useParameters()
  return (
    <Answer query={useLetterSummary()} skeleton={<Skeleton height="2.05rem" />}>
      {({ total, byReason }) => {
        const known = Object.keys(byReason).sort((a, b) => (byReason[b] ?? 0) - (byReason[a] ?? 0))
        const words = ['', ...new Set([...known, ...(reason === null ? [] : [reason])])]
        return (
          <Choices
            label={t.reason}
            words={words}
            nameOf={word => `${word || t.all} ${number(word ? (byReason[word] ?? 0) : total)}`}
            value={reason ?? ''}
            onChange={word => change({ reason: word || null, letters: null, letter: null })}
          />
        )
      }}
    </Answer>
  )
}
