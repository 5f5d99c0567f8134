/** The catalogue as the service sees it: the circuit breaker, and what became of the calls. */
import type { CircuitBreakerStatus } from '../../../../http/circuit-breaker.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { State, type StateKind } from '../../../parts/state.tsx'
import { OPERATORS_REFRESH_MS } from '../../../requests/health.ts'
import { useAnswer } from '../../../requests/queries.ts'
import { Facts } from '../facts.tsx'
import { useMetrics } from '../health/metrics.ts'
import { type Sample, sumOf } from '../health/prometheus.ts'
import { texts as shared } from '../texts.ts'
import { Waiting } from '../waiting.tsx'
import styles from './catalogue.module.css'
import { texts } from './texts.ts'

const KINDS: Record<CircuitBreakerStatus['state'], StateKind> = { Closed: 'good', 'Half-Open': 'waiting', Open: 'bad' }

export function Catalogue() {
  const t = useTexts(texts)
  const circuit = useAnswer<CircuitBreakerStatus>('/api/stats/cb/status', {}, { refetchInterval: OPERATORS_REFRESH_MS })
  return (
    <Card title={t.catalogue} note={t.note}>
      <Answer query={circuit} skeleton={<Waiting wide="2.7rem" narrow="3.9rem" />}>
        {status => <Circuit status={status} />}
      </Answer>
      <div className={styles.calls}>
        <Answer query={useMetrics()} skeleton={<Waiting wide="7.5rem" narrow="11.1rem" />}>
          {({ now }) => <Calls samples={now.samples} />}
        </Answer>
      </div>
    </Card>
  )
}

function Circuit({ status }: { status: CircuitBreakerStatus }) {
  const t = useTexts(texts)
  const { circuits } = useTexts(shared)
  const { number, dateParts } = useFormats()
  const { tz } = useView()
  const { state, fail_count, fail_max, reset_timeout, opened_at } = status
  const since = opened_at === null ? null : dateParts(opened_at, tz, { timeStyle: 'medium' })
  return (
    <>
      <State kind={KINDS[state]}>
        {circuits[state]}
        {since !== null && ` ${t.since(since)}`}
      </State>
      <p className={styles.note}>{t.rule(number(fail_count), number(fail_max), number(reset_timeout))}</p>
    </>
  )
}

/** Counts since the start of the service. */
function Calls({ samples }: { samples: readonly Sample[] }) {
  const t = useTexts(texts)
  const { number } = useFormats()
  const count = (name: string) => number(sumOf(samples, `stats_catalogue_${name}_total`) ?? 0)
  if (sumOf(samples, 'stats_catalogue_calls_total') === undefined) return <p>{t.notSet}</p>
  const facts = [
    { name: t.calls, value: count('calls') },
    { name: t.failures, value: count('failures') },
    { name: t.retries, value: count('retries') },
    { name: t.timeouts, value: count('timeouts') },
    { name: t.refusedOpen, value: count('refused_open') },
    { name: t.refusedPaused, value: count('refused_paused') },
  ]
  return <Facts facts={facts} />
}
