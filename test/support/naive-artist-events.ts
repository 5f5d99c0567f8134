/** The counted events of an artist as a plain list: the measure of `src/statistics/artist-events.ts`. */
import type { IngestedEvent } from '../../src/events/event.ts'
import type { ArtistEventsQuestion } from '../../src/statistics/artist-events.ts'
import type { ArrivedEvent } from './naive.ts'
import { naiveRange } from './naive-calendar.ts'
import { NAIVE_DECIMALS } from './naive-money.ts'

/** A row with the user in place of the pseudonym. */
export interface NaiveRow {
  seq: number
  at: number
  eventType: string
  measure: string
  counts: number
  track: string | null
  album: string | null
  user: string | null
  amount: number | null
  currency: string | null
}

/**
 * The rows, the newest first; rows of one event in no particular order. `events`: the counted events of the artist, each with
 * the artist's credits alone; `all`: all events in the order of their arrival.
 */
export function naiveArtistEvents(
  events: readonly ArrivedEvent[],
  all: readonly IngestedEvent[],
  { startDate, endDate, tz = 'UTC', measure, trackKey, albumId }: Omit<ArtistEventsQuestion, 'limit'>,
): NaiveRow[] {
  const { from, to } = naiveRange(startDate, endDate, tz)
  const rows = events.flatMap(({ seq, at, listener, track, credits }) =>
    credits.map((credit): NaiveRow => {
      const { eventType } = (all[seq - 1] as IngestedEvent).event
      const { revenue } = credit
      return {
        seq,
        at,
        eventType,
        measure: credit.measure,
        counts: credit.by,
        track: credit.measure === 'purchases' ? null : (track ?? null),
        album: credit.album ?? null,
        user: listener ?? null,
        amount: revenue ? revenue.minor / 10 ** (NAIVE_DECIMALS[revenue.currency] as number) : null,
        currency: revenue?.currency ?? null,
      }
    }),
  )
  return rows
    .filter(row => row.at >= from && row.at < to)
    .filter(row => measure === undefined || row.measure === measure)
    .filter(row => trackKey === undefined || row.track === `track:${trackKey}`)
    .filter(row => albumId === undefined || row.album === `album:${albumId}`)
    .sort((a, b) => b.at - a.at || b.seq - a.seq)
}
