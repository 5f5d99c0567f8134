/** How many people have listened in the last five minutes: a line that moves when somebody plays something. */
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Explain } from '../../../parts/explain.tsx'
import { useLive } from '../../../requests/live.ts'
import { texts } from '../texts.ts'
import styles from './head.module.css'

export function ListeningNow({ artistId }: { artistId: string }) {
  const t = useTexts(texts)
  const { number, plural } = useFormats()
  const { message, isStale } = useLive(artistId)
  if (!message) return <p className={styles.now}>{isStale ? t.noLive : t.connecting}</p>
  const { listeners, plays, at } = message
  const state = isStale ? 'stale' : listeners > 0 ? 'live' : 'quiet'
  return (
    <div className={styles.now} data-state={state}>
      {/* With a play comes a new dot, whose ring spreads once. */}
      <span key={plays > 0 ? at : 'same'} className={styles.dot} data-played={plays > 0} aria-hidden="true" />
      {isStale ? t.liveStale(number(listeners)) : t.listening(number(listeners), plural(listeners, t.people))}
      <Explain figure="listeners" name={t.listeningName} />
    </div>
  )
}
