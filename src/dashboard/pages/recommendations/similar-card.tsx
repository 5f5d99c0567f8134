/** Albums of a genre, without one that is known already. */
import type { FormEvent } from 'react'
import type { SimilarAlbum } from '../../../http/recommendations.ts'
import { useDraft } from '../../address/draft.ts'
import { useParameters } from '../../address/parameters.ts'
import { useTexts } from '../../language/language.tsx'
import { Answer } from '../../parts/answer.tsx'
import { Button } from '../../parts/button.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Field } from '../../parts/field.tsx'
import { useAnswer } from '../../requests/queries.ts'
import styles from './recommendations.module.css'
import { Suggestions, SuggestionsSkeleton } from './suggestions.tsx'
import { texts } from './texts.ts'

const ROWS = 10

interface Asked {
  genre: string
  /** An album; empty for none. */
  excludeId: string
}

export function SimilarCard() {
  const t = useTexts(texts)
  const { parameters } = useParameters()
  const asked = { genre: parameters.get('genre')?.trim() ?? '', excludeId: parameters.get('excludeId')?.trim() ?? '' }
  return (
    <Card title={t.similar} note={t.similarNote}>
      <SimilarForm asked={asked} />
      {asked.genre === '' ? <Empty>{t.chooseGenre}</Empty> : <OfGenre asked={asked} />}
    </Card>
  )
}

function SimilarForm({ asked }: { asked: Asked }) {
  const t = useTexts(texts)
  const { change } = useParameters()
  const [genre, setGenre] = useDraft(asked.genre)
  const [excludeId, setExcludeId] = useDraft(asked.excludeId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change({ genre: genre.trim() || null, excludeId: excludeId.trim() || null })
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t.genre}>
        <input value={genre} onChange={event => setGenre(event.target.value)} maxLength={200} />
      </Field>
      <Field label={t.excludeId}>
        <input value={excludeId} onChange={event => setExcludeId(event.target.value)} autoComplete="off" />
      </Field>
      <Button type="submit">{t.show}</Button>
    </form>
  )
}

function OfGenre({ asked: { genre, excludeId } }: { asked: Asked }) {
  const t = useTexts(texts)
  const query = useAnswer<SimilarAlbum[]>('/api/recommendations/similar', {
    genre,
    excludeId: excludeId || undefined,
    limit: ROWS,
  })
  return (
    <Answer
      query={query}
      skeleton={<SuggestionsSkeleton rows={ROWS} />}
      empty={{ when: items => items.length === 0, show: <Empty>{t.noAlbum(genre)}</Empty> }}
    >
      {items => <Suggestions label={t.similar} items={items} />}
    </Answer>
  )
}
