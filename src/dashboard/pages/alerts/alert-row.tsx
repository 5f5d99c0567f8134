/** One alert: whom it is about and when it was raised, what was reached, what became of its mail, and its cooldown. */
import type { AlertHistory } from '../../../http/alerts.ts'
import { useView } from '../../address/view.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Entity } from '../../parts/entity.tsx'
import { State } from '../../parts/state.tsx'
import styles from './alert-row.module.css'
import { useArtist } from './artist.ts'
import { type Cooldown, cooldownOf } from './cooldown.ts'
import { MAIL_STATES } from './states.tsx'
import { texts } from './texts.ts'

export function AlertRow({ alert }: { alert: AlertHistory[number] }) {
  const t = useTexts(texts)
  const { number, dateTime } = useFormats()
  const { tz } = useView()
  const artist = useArtist(alert.artistId)
  return (
    <li className={styles.row}>
      <Entity
        kind="artist"
        id={alert.artistId}
        name={artist?.name ?? alert.artistId}
        cover={artist?.profileImage}
        note={dateTime(alert.at, tz)}
      />
      <ul className={styles.triggers}>
        {alert.triggers.map(({ kind, count, threshold }) => (
          <li key={kind}>
            <b>{t.kinds[kind](count, number(count))}</b>{' '}
            <span className={styles.note}>{t.threshold(number(threshold))}</span>
          </li>
        ))}
      </ul>
      <div className={styles.mail}>
        <State kind={MAIL_STATES[alert.status]}>{t.states[alert.status].name}</State>
        {alert.recipient !== null && <p className={styles.note}>{alert.recipient}</p>}
        {alert.attempts > 1 && <p className={styles.note}>{t.attempts(number(alert.attempts))}</p>}
        {alert.error !== null && <p className={styles.note}>{alert.error}</p>}
        <CooldownNote cooldown={cooldownOf(alert, Date.now())} tz={tz} />
      </div>
    </li>
  )
}

function CooldownNote({ cooldown, tz }: { cooldown: Cooldown | null; tz: string }) {
  const t = useTexts(texts)
  const { dateParts } = useFormats()
  if (cooldown === null) return null
  if (cooldown.kind === 'until-sent') return <p className={styles.cooldown}>{t.cooldownUntilSent}</p>
  const time = dateParts(cooldown.until, tz, { timeStyle: 'short' })
  return <p className={styles.cooldown}>{t.cooldowns[cooldown.kind](time)}</p>
}
