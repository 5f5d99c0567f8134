/** The states that the mail of an alert can have, and what each of them means. */
import type { AlertHistory } from '../../../http/alerts.ts'
import { useTexts } from '../../language/language.tsx'
import { Card } from '../../parts/card.tsx'
import { State, type StateKind } from '../../parts/state.tsx'
import styles from './states.module.css'
import { texts } from './texts.ts'

type MailState = AlertHistory[number]['status']

export const MAIL_STATES: Record<MailState, StateKind> = {
  pending: 'waiting',
  sent: 'good',
  failed: 'bad',
  unknown: 'doubtful',
  none: 'none',
}

export function States() {
  const t = useTexts(texts)
  return (
    <Card title={t.statesTitle}>
      <dl className={styles.states}>
        {(Object.keys(MAIL_STATES) as MailState[]).map(state => (
          <div key={state}>
            <dt>
              <State kind={MAIL_STATES[state]}>{t.states[state].name}</State>
            </dt>
            <dd>{t.states[state].meaning}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>{t.automatic}</p>
    </Card>
  )
}
