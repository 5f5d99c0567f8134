/** One alert: whom it is about and when it was raised, what was reached, what became of its mail, and its cooldown. */
import { Link } from 'wouter'
import type { AlertHistory } from '../../../http/alerts.ts'
import { useView } from '../../address/view.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { useLinks } from '../../layout/paths.ts'
import { Cover } from '../../parts/cover.tsx'
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
  const links = useLinks()
  const artist = useArtist(alert.artistId)
  const name = artist?.name ?? alert.artistId
  return (
    <li className={styles.row}>
      <div className={styles.artist}>
        <Cover src={artist?.profileImage} name={name} round />
        <div>
          <Link href={links.entity('artist', alert.artistId)} className={styles.name}>
            {name}
          </Link>
          <time dateTime={alert.at} className={styles.note}>
            {dateTime(alert.at, tz)}
          </time>
        </div>
      </div>
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
