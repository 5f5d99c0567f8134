/** What is shown of an artist that nobody ever heard of: a command that sends a play. */
import { useTexts } from '../../language/language.tsx'
import { Empty } from '../../parts/empty.tsx'
import { eventCommand } from '../../requests/event-command.ts'
import { texts } from './texts.ts'

const PLAY = { eventType: 'track.played', entityType: 'track', entityId: '1', userId: 'listener-1' }

export function Unheard({ artistId }: { artistId: string }) {
  const t = useTexts(texts)
  return <Empty command={eventCommand(location.origin, { ...PLAY, metadata: { artistId } })}>{t.unheard}</Empty>
}
