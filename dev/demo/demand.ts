/** How much each song is played on a day: new albums more, and one song goes viral. */
import { DAY_MS } from '../../src/units.ts'
import type { Repertoire, Song } from './repertoire.ts'
import { ZONES, type Zone } from './rhythm.ts'
import type { Timeline } from './timeline.ts'
import { WeightedChoice } from './weighted-choice.ts'

/** On its first day an album is played so many times as often as later, and that wears off within so many days. */
const NOVELTY = 5
const NOVELTY_DAYS = 8
/** The share of the history that is over when the song goes viral. */
const VIRAL_SHARE = 0.84
const VIRAL_FACTOR = 10
/** It gets there within days, and fades more slowly. */
const VIRAL_RISE_DAYS = 4
const VIRAL_FADE_DAYS = 12

/** The songs of a day for the audience of each zone. */
export function songsOfDay(
  { songs, viral }: Repertoire,
  timeline: Timeline,
  day: number,
): ReadonlyMap<Zone, WeightedChoice<Song>> {
  const viralDays = (day - timeline.dayAt(VIRAL_SHARE)) / DAY_MS
  const weights = songs.map(song => demandFor(song, day) * (song === viral ? viralFactor(viralDays) : 1))
  return new Map(
    ZONES.map((zone, i) => {
      const share = ({ firstZoneShare }: Song) => (i === 0 ? firstZoneShare : 1 - firstZoneShare)
      return [
        zone,
        new WeightedChoice(
          songs,
          weights.map((weight, song) => weight * share(songs[song]!)),
        ),
      ] as const
    }),
  )
}

function demandFor({ popularity, releasedAt }: Song, day: number): number {
  if (releasedAt === undefined) return popularity
  const age = (day - releasedAt) / DAY_MS
  return age < 0 ? 0 : popularity * (1 + (NOVELTY - 1) * Math.exp(-age / NOVELTY_DAYS))
}

function viralFactor(days: number): number {
  if (days < 0) return 1
  if (days < VIRAL_RISE_DAYS) return VIRAL_FACTOR ** (days / VIRAL_RISE_DAYS)
  return 1 + (VIRAL_FACTOR - 1) * Math.exp((VIRAL_RISE_DAYS - days) / VIRAL_FADE_DAYS)
}
