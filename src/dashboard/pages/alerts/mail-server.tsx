/** Whether the mail server answers, and how many mails wait for it. */
import type { HealthAnswer } from '../../../http/health.ts'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { Answer } from '../../parts/answer.tsx'
import { Card } from '../../parts/card.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { State, type StateKind } from '../../parts/state.tsx'
import { useHealth } from '../../requests/health.ts'
import styles from './mail-server.module.css'
import { texts } from './texts.ts'

const STATES: Record<HealthAnswer['checks']['mailer']['state'], StateKind> = { ok: 'good', failing: 'bad', off: 'none' }

export function MailServer() {
  const t = useTexts(texts)
  const { number } = useFormats()
  return (
    <Card title={t.mailServer}>
      <Answer query={useHealth()} skeleton={<Skeleton height="4.25rem" />}>
        {({ checks: { mailer } }) => (
          <div className={styles.server}>
            <State kind={STATES[mailer.state]}>{t.servers[mailer.state].name}</State>
            <p className={styles.note}>{t.servers[mailer.state].meaning}</p>
            <p>{t.waiting(mailer.pending, number(mailer.pending))}</p>
          </div>
        )}
      </Answer>
    </Card>
  )
}
