/** The health of the service: as a whole, and each check in words. */
import type { HealthAnswer } from '../../../../http/health.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { State, type StateKind } from '../../../parts/state.tsx'
import { useHealth } from '../../../requests/health.ts'
import { Waiting } from '../waiting.tsx'
import { useCheckDetails } from './check-details.ts'
import styles from './health.module.css'
import { texts } from './texts.ts'

type Level = HealthAnswer['status']
type Checks = HealthAnswer['checks']

const KINDS: Record<Level, StateKind> = { ok: 'good', degraded: 'doubtful', error: 'bad' }

/** In the order in which an operator looks at them. */
const ORDER = ['storage', 'integrity', 'mongodb', 'projector', 'memory', 'circuit_breaker', 'mailer'] as const

export function Health() {
  const t = useTexts(texts)
  const { dateParts } = useFormats()
  const { tz } = useView()
  const query = useHealth()
  const at = query.data && dateParts(query.data.timestamp, tz, { timeStyle: 'medium' })
  return (
    <Card title={t.health} note={at === undefined ? t.asking : t.asOf(at)}>
      <Answer query={query} skeleton={<Waiting wide="11.25rem" narrow="30.4rem" />}>
        {({ status, checks }) => (
          <div className={styles.health}>
            <p className={styles.whole}>
              <State kind={KINDS[status]}>{t.whole[status]}</State>
            </p>
            {status === 'degraded' && ORDER.every(name => isOk(checks[name])) && <p>{t.startingOrFull}</p>}
            <List checks={checks} />
          </div>
        )}
      </Answer>
    </Card>
  )
}

function List({ checks }: { checks: Checks }) {
  const t = useTexts(texts)
  const details = useCheckDetails(checks)
  return (
    <dl className={styles.checks}>
      {ORDER.map(name => {
        const check = checks[name]
        if (!check) return null
        return (
          <div key={name}>
            <dt>{t.checks[name]}</dt>
            <dd>
              <State kind={KINDS[check.status]}>{t.levels[check.status]}</State>
            </dd>
            <dd className={styles.detail}>{details[name]}</dd>
          </div>
        )
      })}
    </dl>
  )
}

function isOk(check: Checks[keyof Checks]): boolean {
  return check === undefined || check.status === 'ok'
}
