/** What each check of the health found, in words. */
import type { HealthAnswer } from '../../../../http/health.ts'
import { useView } from '../../../address/view.ts'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { texts as shared } from '../texts.ts'
import { texts } from './texts.ts'

const ENGINES = { sqlite: 'SQLite', mongodb: 'MongoDB' }

export function useCheckDetails(checks: HealthAnswer['checks']): Record<keyof HealthAnswer['checks'], string> {
  const t = useTexts(texts)
  const { milliseconds, megabytes, circuits } = useTexts(shared)
  const { number, dateTime } = useFormats()
  const { tz } = useView()
  const { storage, integrity, projector, memory, circuit_breaker, mailer } = checks
  const checked = integrity.at === undefined ? '' : ` (${dateTime(integrity.at, tz)})`
  return {
    storage: t.answersIn(ENGINES[storage.engine], milliseconds(number(storage.latency_ms))),
    integrity: `${t.integrity[integrity.state]}${checked}${integrity.found === undefined ? '' : `: ${integrity.found}`}`,
    mongodb: '',
    projector: t.behind(projector.lag_events, number(projector.lag_events), milliseconds(number(projector.lag_ms))),
    memory: t.used(megabytes(number(memory.rss_mb))),
    circuit_breaker: circuits[circuit_breaker.state],
    mailer: `${t.mailers[mailer.state]} ${t.mails(mailer.pending, number(mailer.pending))}`,
  }
}
