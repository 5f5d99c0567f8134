/** What is shown of an artist that nobody ever heard of: a command that sends a play. */
import { useState } from 'react'
import { useTexts } from '../../language/language.tsx'
import { Empty } from '../../parts/empty.tsx'
import { playCommand } from './play-command.ts'
import { texts } from './texts.ts'

export function Unheard({ artistId }: { artistId: string }) {
  const t = useTexts(texts)
  const [at] = useState(() => new Date().toISOString())
  return <Empty command={playCommand(location.origin, artistId, at)}>{t.unheard}</Empty>
}
