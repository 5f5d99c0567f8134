/** What a listener may like, and why. */
import { type FormEvent, useMemo } from 'react'
import type { Recommendation } from '../../../../http/recommendations.ts'
import { useDraft } from '../../../address/draft.ts'
import { useParameters } from '../../../address/parameters.ts'
import { fileName } from '../../../graphs/file-name.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Button } from '../../../parts/button.tsx'
import { Card } from '../../../parts/card.tsx'
import { Command, Empty } from '../../../parts/empty.tsx'
import { Field } from '../../../parts/field.tsx'
import { TableButton } from '../../../parts/table-button.tsx'
import { eventCommand } from '../../../requests/event-command.ts'
import { useAnswer } from '../../../requests/queries.ts'
import { useModel } from '../model/model.ts'
import styles from '../recommendations.module.css'
import { csvTable } from './csv-table.ts'
import { ListControls } from './list-controls.tsx'
import { useListView } from './list-view.ts'
import { Suggestions, SuggestionsSkeleton } from './suggestions.tsx'
import { texts } from './texts.ts'

/** As the service takes an id. */
const MAX_ID = 1000

export function ListenerCard() {
  const t = useTexts(texts)
  const view = useListView()
  const { listener, query: parameters } = view
  const isAsked = listener !== ''
  const path = `/api/recommendations/user/${encodeURIComponent(listener)}`
  const query = useAnswer<Recommendation[]>(path, parameters, { enabled: isAsked })
  const table = useMemo(() => csvTable(query.data ?? []), [query.data])
  return (
    <Card
      title={t.forListener}
      note={t.forListenerNote}
      {...(isAsked && {
        actions: <TableButton table={table} what={t.forListener} name={fileName([t.forListener, listener], 'csv')} />,
      })}
    >
      <ListenerForm listener={listener} />
      {isAsked ? (
        <>
          <ListControls view={view} />
          <NoModel />
          <Answer
            query={query}
            skeleton={<SuggestionsSkeleton rows={Number(view.limit)} />}
            empty={{
              when: items => items.length === 0,
              show: <Empty command={playOf(listener)}>{t.nothingToRecommend}</Empty>,
            }}
          >
            {items => (
              <>
                {items.every(({ strategy }) => strategy === 'popular') && <OnlyPopular listener={listener} />}
                <Suggestions label={t.forListener} items={items} />
              </>
            )}
          </Answer>
        </>
      ) : (
        <Empty command={playOf('listener-1')}>{t.chooseListener}</Empty>
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
    change({ listener: text.trim() || null })
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

/** Says that the list goes by genres and by what most play, for as long as nothing better has been learned. */
function NoModel() {
  const t = useTexts(texts)
  const { data } = useModel()
  if (data === undefined || data.version !== null) return null
  return <p className={styles.hint}>{t.noModel}</p>
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
