/** A page of dead letters, of which some can be chosen. */
import { useState } from 'react'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Pager } from '../../../parts/pager.tsx'
import { eventCommand } from '../../../requests/event-command.ts'
import { Waiting } from '../waiting.tsx'
import { ActionBar } from './action-bar.tsx'
import type { Action } from './actions.ts'
import styles from './dead-letters.module.css'
import { LetterRow } from './letter-row.tsx'
import { type Letter, useLetters } from './letters.ts'
import { texts } from './texts.ts'
import type { LetterActions } from './use-actions.ts'

const ROWS = 10

interface LetterListProps {
  reason: string | null
  cursor: string | null
  /** Asks before it deletes. */
  onRequest: (action: Action) => void
  onRepair: LetterActions['run']
}

export function LetterList({ reason, cursor, onRequest, onRepair }: LetterListProps) {
  const t = useTexts(texts)
  const query = useLetters({ reason, cursor, limit: ROWS })
  return (
    <>
      <Answer
        query={query}
        skeleton={<Waiting wide="43.5rem" narrow="59rem" />}
        empty={{ when: ({ items }) => items.length === 0, show: <None reason={reason} /> }}
      >
        {({ items }) => <Letters letters={items} reason={reason} onRequest={onRequest} onRepair={onRepair} />}
      </Answer>
      <Pager list={t.deadLetters} parameter="letters" next={query.data?.nextCursor ?? null} />
    </>
  )
}

function Letters({ letters, reason, onRequest, onRepair }: Omit<LetterListProps, 'cursor'> & { letters: Letter[] }) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  // Those that have gone meanwhile are chosen no more.
  const chosen = letters.filter(({ id }) => ids.has(id))
  const choose = (id: string, isChosen: boolean) => {
    const changed = new Set(ids)
    if (isChosen) changed.add(id)
    else changed.delete(id)
    setIds(changed)
  }
  return (
    <>
      <ActionBar
        letters={letters}
        chosen={chosen}
        reason={reason}
        onChooseAll={isAll => setIds(new Set(isAll ? letters.map(({ id }) => id) : []))}
        onRequest={onRequest}
      />
      <ul className={styles.rows}>
        {letters.map(letter => (
          <LetterRow
            key={letter.id}
            letter={letter}
            isChosen={ids.has(letter.id)}
            onChoose={isChosen => choose(letter.id, isChosen)}
            onRequest={onRequest}
            onRepair={onRepair}
          />
        ))}
      </ul>
    </>
  )
}

/** The command makes one, for who wants to see what it looks like. */
function None({ reason }: { reason: string | null }) {
  const t = useTexts(texts)
  if (reason !== null) return <Empty>{t.noneOf(reason)}</Empty>
  const command = eventCommand(location.origin, { eventType: 'track.playd', entityType: 'track', entityId: '1' })
  return <Empty command={command}>{t.none}</Empty>
}
