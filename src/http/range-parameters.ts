/** The parameters of a range of time, which most statistics have. */
import { COMPARISONS } from '../statistics/calendar.ts'
import { SERIES_UNITS } from '../statistics/series.ts'
import { Formatted, OneOf } from './parameters.ts'

const MOMENT = String.raw`^\d{4}-?\d{2}-?\d{2}([T ]\d[\d:.,]*([Zz]|[+\-]\d[\d:.,]*)?)?$`
const ZONE = String.raw`^[A-Za-z][\w+\/\-]*$`

const zoneParameter = {
  tz: Formatted('time-zone', ZONE, 'IANA time zone of dates and days; UTC where absent.', 'Europe/Madrid'),
}

export const rangeParameters = {
  startDate: Formatted('iso-8601', MOMENT, 'ISO 8601. A date alone means the whole day in `tz`.', '2026-11-01'),
  endDate: Formatted('iso-8601', MOMENT, 'ISO 8601, included: the whole day, or the millisecond.', '2026-11-30'),
  ...zoneParameter,
}

export const comparisonParameter = {
  compare: OneOf(
    COMPARISONS,
    'Compares with an earlier range: `previous`, the one before, as long; `weekday`, the same range some whole weeks ' +
      'earlier, so that weekdays match; `year`, 364 days earlier.',
  ),
}

export const seriesParameters = {
  interval: OneOf(SERIES_UNITS, 'Adds `series`, of at most 10,000 points: the last ones without a start.'),
  ...comparisonParameter,
}
