/** Shows or hides the events behind the chosen figure; the key `e` does the same. */
import { useMemo } from 'react'
import { useTexts } from '../../../language/language.tsx'
import { useShortcuts } from '../../../layout/shortcuts.tsx'
import { Button } from '../../../parts/button.tsx'
import { texts } from './texts.ts'
import type { EventsOpen } from './use-events-open.ts'

export function EventsButton({ isOpen, open, close }: EventsOpen) {
  const t = useTexts(texts)
  const run = isOpen ? close : open
  useShortcuts(useMemo(() => [{ keys: 'e', does: t.key, run }], [t, run]))
  return (
    <Button aria-expanded={isOpen} onClick={run}>
      {isOpen ? t.hide : t.open}
    </Button>
  )
}
