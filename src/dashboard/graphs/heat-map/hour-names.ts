/** The names of weekdays and hours in the reader's language. */
import { useFormats } from '../../language/formats.ts'

/** 2024-01-01 is a Monday: of this week, each weekday and hour has a date that `Intl` can name. */
const at = (day: number, hour: number) => Date.UTC(2024, 0, 1 + day, hour)

export function useHourNames() {
  const { dateParts } = useFormats()
  const time = (hour: number) => dateParts(at(0, hour), 'UTC', { hour: 'numeric', minute: '2-digit' })
  return {
    /** From 0 for Monday. */
    weekday: (day: number, length: 'short' | 'long') => dateParts(at(day, 0), 'UTC', { weekday: length }),
    /** As short as it can be: "15" or "3 PM". */
    hour: (hour: number) => dateParts(at(0, hour), 'UTC', { hour: 'numeric' }),
    /** From its beginning to its end. */
    time: (hour: number) => `${time(hour)} – ${time(hour + 1)}`,
  }
}
