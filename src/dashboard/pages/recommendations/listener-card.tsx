/** What a listener may like, and why. */
import type { FormEvent } from 'react'
import type { Recommendation } from '../../../http/recommendations.ts'
import { useDraft } from '../../address/draft.ts'
import { useParameters } from '../../address/parameters.ts'
import { useTexts } from '../../language/language.tsx'
import { Answer } from '../../parts/answer.tsx'
import { Button } from '../../parts/button.tsx'
import { Card } from '../../parts/card.tsx'
import { Command, Empty } from '../../parts/empty.tsx'
import { Field } from '../../parts/field.tsx'
import { MoreRows, useLimit } from '../../parts/more-rows.tsx'
import { eventCommand } from '../../requests/event-command.ts'
import { useAnswer } from '../../requests/queries.ts'
import { reasonOf } from './reason.ts'
import styles from './recommendations.module.css'
import { Suggestions, SuggestionsSkeleton } from './suggestions.tsx'
import { texts } from './texts.ts'

/** As the service takes an id. */
const MAX_ID = 1000

export function ListenerCard() {
  const t = useTexts(texts)
  const listener = useParameters().parameters.get('listener') ?? ''
  return (
    <Card title={t.forListener} note={t.forListenerNote}>
      <ListenerForm listener={listener} />
      {listener === '' ? (
        <Empty command={playOf('listener-1')}>{t.chooseListener}</Empty>
      ) : (
        <ForListener listener={listener} />
      )}
    </Card>
  )
}

function ListenerForm({ listener }: { listener: string }) {
  const t = useTexts(texts)
  const { change } = useParameters()
  const [text, setText] = useDraft(listener)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change({ listener: text.trim() || null, limit: null })
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t.listener}>
        <input value={text} onChange={event => setText(event.target.value)} maxLength={MAX_ID} autoComplete="off" />
      </Field>
      <Button type="submit">{t.show}</Button>
    </form>
  )
}

function ForListener({ listener }: { listener: string }) {
  const t = useTexts(texts)
  const limit = useLimit()
  const query = useAnswer<Recommendation[]>(`/api/recommendations/user/${encodeURIComponent(listener)}`, { limit })
  return (
    <>
      <Answer
        query={query}
        skeleton={<SuggestionsSkeleton rows={limit} hasReasons />}
        empty={{
          when: items => items.length === 0,
          show: <Empty command={playOf(listener)}>{t.nothingToRecommend}</Empty>,
        }}
      >
        {items => (
          <>
            {items.every(({ reason }) => reasonOf(reason)?.kind === 'popular') && <OnlyPopular listener={listener} />}
            <Suggestions label={t.forListener} items={items} hasReasons />
          </>
        )}
      </Answer>
      <MoreRows query={query} />
    </>
  )
}

/** Says why the list has nothing of the listener's own taste, and how it gets it. */
function OnlyPopular({ listener }: { listener: string }) {
  const t = useTexts(texts)
  return (
    <div className={styles.hint}>
      <p>{t.onlyPopular}</p>
      <Command text={playOf(listener)} />
    </div>
  )
}

function playOf(userId: string): string {
  return eventCommand(location.origin, {
    eventType: 'track.played',
    userId,
    entityType: 'track',
    entityId: '1',
    metadata: { albumId: '1', artistId: '1', genre: 'Rock' },
  })
}
