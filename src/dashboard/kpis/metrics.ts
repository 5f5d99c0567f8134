/** The six figures of an artist, a release or the platform, and how each is written. */
import { useMemo } from 'react'
import type { Definitions } from '../../http/definitions.ts'
import { useFormats } from '../language/formats.ts'
import { useAnswer } from '../requests/queries.ts'

/** Each is the name of its field in answers, and of its definition. */
export const METRICS = ['plays', 'uniqueListeners', 'likes', 'follows', 'purchases', 'revenue'] as const
export type Metric = (typeof METRICS)[number]

/** Functions that write a figure, in full and short for narrow places; and the currency of `revenue`, once it is known. */
export function useMetricFormats() {
  const formats = useFormats()
  const currency = useDefaultCurrency()
  return useMemo(() => {
    const isMoney = (metric: Metric) => metric === 'revenue' && currency !== undefined
    return {
      currency,
      format: (metric: Metric, value: number) =>
        isMoney(metric) ? formats.money(value, currency!) : formats.number(value),
      short: (metric: Metric, value: number) =>
        isMoney(metric) ? formats.money(value, currency!) : formats.compact(value),
    }
  }, [formats, currency])
}

/** The currency of `revenue`, as its definition names it; undefined until that is known. */
export function useDefaultCurrency(): string | undefined {
  const { data } = useAnswer<Definitions>('/api/stats/definitions', {}, { refetchInterval: false })
  return data?.items.find(({ figure }) => figure === 'revenue')?.setting?.value
}
