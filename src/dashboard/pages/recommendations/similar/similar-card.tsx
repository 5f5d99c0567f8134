/** What is similar to an artist, an album or a track, and the albums of a genre. */

import type { SimilarAlbum } from '../../../../http/recommendations.ts'
import type { Linked } from '../../../address/paths.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { useSimilar } from '../../../recommendations/similar.ts'
import { SimilarList, SimilarSkeleton } from '../../../recommendations/similar-list.tsx'
import { texts as sharedTexts } from '../../../recommendations/texts.ts'
import { useAnswer } from '../../../requests/queries.ts'
import { useAsked } from './asked.ts'
import { GenreForm } from './genre-form.tsx'
import { ItemChoice } from './item-choice.tsx'
import { texts } from './texts.ts'

const ROWS = 10

export function SimilarCard() {
  const t = useTexts(texts)
  const { asked, askItem, askGenre } = useAsked()
  return (
    <Card title={t.similar} note={asked.to === 'genre' ? t.genreNote : t.note}>
      <ItemChoice asked={asked} onChoose={askItem} />
      <GenreForm asked={asked} onChoose={askGenre} />
      {asked.to === 'nothing' && <Empty>{t.choose}</Empty>}
      {asked.to === 'item' && <ToItem kind={asked.kind} id={asked.id} />}
      {asked.to === 'genre' && <OfGenre genre={asked.genre} excludeId={asked.excludeId} />}
    </Card>
  )
}

function ToItem({ kind, id }: { kind: Linked; id: string }) {
  const t = useTexts(sharedTexts)
  const query = useSimilar(kind, id, { limit: ROWS })
  return (
    <Answer
      query={query}
      skeleton={<SimilarSkeleton rows={ROWS} />}
      empty={{ when: items => items.length === 0, show: <Empty>{t.nothingSimilar}</Empty> }}
    >
      {items => <SimilarList label={t.similar[kind]} items={items} />}
    </Answer>
  )
}

function OfGenre({ genre, excludeId }: { genre: string; excludeId: string }) {
  const t = useTexts(texts)
  const query = useAnswer<SimilarAlbum[]>('/api/recommendations/similar', {
    genre,
    excludeId: excludeId || undefined,
    limit: ROWS,
  })
  return (
    <Answer
      query={query}
      skeleton={<SimilarSkeleton rows={ROWS} />}
      empty={{ when: items => items.length === 0, show: <Empty>{t.noAlbum(genre)}</Empty> }}
    >
      {items => <SimilarList label={t.ofGenre(genre)} items={items} />}
    </Answer>
  )
}
