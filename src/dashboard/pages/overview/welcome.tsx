/** What a service shows to which no event has come: a command that sends a first play. */
import { useState } from 'react'
import { useTexts } from '../../language/language.tsx'
import { buttonClass } from '../../parts/button.tsx'
import { Command } from '../../parts/empty.tsx'
import { Title } from '../../parts/title.tsx'
import { texts } from './texts.ts'
import styles from './welcome.module.css'

export function Welcome() {
  const t = useTexts(texts)
  // Of the moment at which the page is opened: it does not change under who copies it.
  const [command] = useState(() => commandOf(location.origin, new Date()))
  return (
    <>
      <Title>{t.title}</Title>
      <section className={styles.welcome}>
        <h2 className={styles.heading}>{t.welcome}</h2>
        <p>{t.welcomeNote}</p>
        <Command text={command} />
        <p>
          <a href="/api/docs" className={buttonClass}>
            {t.documentation}
          </a>
        </p>
      </section>
    </>
  )
}

/** Sends a play of the first track of an album, for a POSIX shell. */
function commandOf(origin: string, now: Date): string {
  const play = {
    eventType: 'track.played',
    timestamp: now.toISOString(),
    userId: 'u1',
    entityType: 'track',
    entityId: '1',
    metadata: { albumId: 'a1', artist: 'DJ Beats' },
  }
  return `curl ${origin}/api/stats/events \\
  -H 'content-type: application/json' \\
  -d '${JSON.stringify(play)}'`
}
