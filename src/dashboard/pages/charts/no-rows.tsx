/** That a ranking has no rows, and an event that would be the first. */
import { useTexts } from '../../language/language.tsx'
import { Empty } from '../../parts/empty.tsx'
import type { RankingQuestion } from '../../rankings/question.ts'
import { texts as rankingTexts } from '../../rankings/texts.ts'
import { eventCommand } from '../../requests/event-command.ts'
import { texts } from './texts.ts'

export function NoRows({ question: { kind, mode, genre } }: { question: RankingQuestion }) {
  const t = useTexts(texts)
  const ranking = useTexts(rankingTexts)
  const event =
    kind === 'artists'
      ? { eventType: 'artist.followed', entityType: 'artist', entityId: '1' }
      : {
          eventType: 'track.played',
          entityType: 'track',
          entityId: '1',
          metadata: { albumId: '1', artistId: '1', ...(genre && { genre }) },
        }
  return (
    <Empty command={eventCommand(location.origin, event)}>
      {genre ? t.noneOfGenre(genre) : mode === 'rising' ? ranking.emptyRising : ranking.empty[kind]} {t.whatToDo}
    </Empty>
  )
}
