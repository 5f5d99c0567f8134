/** The figures of the service at this moment: rates, lag, memory and delays. */
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { Answer } from '../../../parts/answer.tsx'
import { Card } from '../../../parts/card.tsx'
import { Facts } from '../facts.tsx'
import { texts as shared } from '../texts.ts'
import { Waiting } from '../waiting.tsx'
import { useMetrics } from './metrics.ts'
import styles from './now.module.css'
import { sumOf } from './prometheus.ts'
import { type Readings, rateOf } from './readings.ts'
import { texts } from './texts.ts'

const MEGABYTE = 2 ** 20

export function Now() {
  const t = useTexts(texts)
  return (
    <Card title={t.now} note={t.nowNote}>
      <Answer query={useMetrics()} skeleton={<Waiting wide="5.7rem" narrow="16.6rem" />}>
        {readings => (
          <div className={styles.figures}>
            <Figures readings={readings} />
          </div>
        )}
      </Answer>
    </Card>
  )
}

function Figures({ readings }: { readings: Readings }) {
  const t = useTexts(texts)
  const { seconds, milliseconds, megabytes } = useTexts(shared)
  const { number, percent } = useFormats()
  const value = (name: string) => sumOf(readings.now.samples, name) ?? 0
  const rate = (name: string, labels?: Record<string, string>) => {
    const perSecond = rateOf(readings, name, labels)
    return perSecond === null ? '…' : number(perSecond)
  }
  const memory = (name: string) => megabytes(number(Math.round(value(name) / MEGABYTE)))
  const facts = [
    {
      name: t.events,
      value: rate('stats_events_total', { status: 'accepted' }),
      note: t.rejected(rate('stats_events_total', { status: 'rejected' })),
    },
    { name: t.requests, value: rate('http_request_duration_seconds_count') },
    {
      name: t.lag,
      value: number(value('stats_projector_lag_events')),
      note: t.age(seconds(number(value('stats_projector_lag_seconds')))),
    },
    {
      name: t.queue,
      value: number(value('stats_queue_events')),
      note: t.full(percent(value('stats_queue_load_ratio'))),
    },
    {
      name: t.memory,
      value: memory('process_resident_memory_bytes'),
      note: t.heap(memory('nodejs_heap_size_used_bytes')),
    },
    {
      name: t.delay,
      value: milliseconds(number(value('nodejs_eventloop_lag_p99_seconds') * 1000)),
      note: t.longest(milliseconds(number(value('nodejs_eventloop_lag_max_seconds') * 1000))),
    },
  ]
  return <Facts facts={facts} large />
}
