/** What is listened to at this moment: how many listen, how much is played, and the most played tracks. */
import type { LiveMessage } from '../../../http/live.ts'
import { useView } from '../../address/view.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Card } from '../../parts/card.tsx'
import { Entity } from '../../parts/entity.tsx'
import { Explain } from '../../parts/explain.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { useLive } from '../../requests/live.ts'
import styles from './listening.module.css'
import { SmallBars } from './small-bars.tsx'
import { texts } from './texts.ts'
import { useMinutes } from './use-minutes.ts'

const MINUTES = 30
/** As the service counts listeners and the plays of tracks. */
const WINDOW_MINUTES = 5
const ROWS = 5

export function Listening() {
  const t = useTexts(texts)
  const { message, isStale } = useLive()
  const { dateParts } = useFormats()
  const { tz } = useView()
  const note = () => {
    if (!isStale) return t.window
    return message ? t.interrupted(dateParts(message.at, tz, { timeStyle: 'medium' })) : t.unreachable
  }
  return (
    <Card
      title={
        <>
          <span className={isStale ? styles.off : styles.on} aria-hidden="true" /> {t.listening}
        </>
      }
      note={
        <span className={isStale ? styles.stale : undefined} role="status">
          {note()}
        </span>
      }
    >
      <div className={isStale ? styles.old : undefined} aria-busy={!message}>
        <Figures message={message} />
        <Tracks tracks={message?.tracks} />
      </div>
    </Card>
  )
}

function Figures({ message }: { message: LiveMessage | undefined }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const minutes = useMinutes(message, MINUTES)
  const plays = minutes?.slice(-WINDOW_MINUTES).reduce((sum, each) => sum + each, 0)
  return (
    <div className={styles.figures}>
      <Figure name={t.listeners} figure="listeners" value={message?.listeners} />
      <Figure name={t.plays} figure="plays" value={plays} />
      <div className={styles.minutes}>
        {minutes && (
          <SmallBars
            label={t.minutes(number(minutes.at(-1) ?? 0))}
            bars={minutes.map(value => ({ value, title: number(value) }))}
            places={MINUTES}
            isLastOpen
          />
        )}
      </div>
    </div>
  )
}

function Figure({ name, figure, value }: { name: string; figure: string; value: number | undefined }) {
  const { number } = useFormats()
  return (
    <div>
      {/* Another value is another element, which lights up once. */}
      <div key={value} className={styles.value}>
        {value === undefined ? <Skeleton height="2rem" width="4rem" /> : number(value)}
      </div>
      <div className={styles.name}>
        {name} <Explain figure={figure} name={name} />
      </div>
    </div>
  )
}

function Tracks({ tracks }: { tracks: LiveMessage['tracks'] | undefined }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  if (!tracks) {
    return (
      <div className={styles.tracks}>
        <Skeleton height="100%" />
      </div>
    )
  }
  if (tracks.length === 0) return <p className={`${styles.tracks} ${styles.nobody}`}>{t.nobody}</p>
  return (
    <ol className={styles.tracks}>
      {tracks.slice(0, ROWS).map(({ id, title, artistName, coverImage, plays }) => (
        <li key={id}>
          <Entity kind="track" id={id} name={title ?? id} cover={coverImage} artist={artistName} />
          <span className={styles.count} title={t.playsOf(number(plays))}>
            {number(plays)} <span className="unseen">{t.what}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
