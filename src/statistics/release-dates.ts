/** When the albums of an artist were released: by the catalogue, or else by their first plays. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { startOfDay, zoned } from './calendar.ts'
import { bound } from './kpi-totals.ts'

export interface ReleaseDate {
  /** `2026-03-01`; null where nothing says when. */
  releaseDate: string | null
  /** What the date is of: the catalogue's word, or the album's first counted play, not before the catalogue's year. */
  releaseDateFrom: 'catalogue' | 'firstPlay' | null
  /** As the catalogue has it, by itself or in a date; null where it has neither. */
  releaseYear: number | null
}

export interface Release extends ReleaseDate {
  /** The number of the album. */
  id: number
  /** Its id, as events name it. */
  text: string
  /** The first instant of the release date in the zone of the question. */
  start: Instant | null
  /** The artist's plays of it in the range. */
  plays: number
}

export interface FoundReleases {
  releases: Release[]
  /** The first and the last play of any of them in the range; null where there is none. */
  first: Instant | null
  last: Instant | null
}

interface Listed {
  id: number
  text: string
  /** What the catalogue says: `2026-03-01`. */
  day: string | null
  year: number | null
}

interface Played {
  id: number
  plays: number
  /** The first play that may be that of the release. */
  firstPlay: Instant | null
  first: Instant | null
  last: Instant | null
}

/** The albums of an owner, in no order. */
export async function releasesOf(reads: Snapshot, owner: number, range: Interval, tz: string): Promise<FoundReleases> {
  const listed = await reads.rows<Listed>(
    `SELECT names.id, text,
       CASE WHEN regexp_full_match(released, '\\d{4}-\\d{2}-\\d{2}') AND try_cast(released AS DATE) IS NOT NULL THEN released END AS day,
       try_cast(regexp_extract(released, '^(\\d{4})(-\\d{2}-\\d{2})?$', 1) AS INTEGER) AS year
     FROM attribution JOIN names ON names.id = key LEFT JOIN catalogue ON entity = key
     WHERE owner = $owner AND names.kind = 'album'::entity_kind`,
    { owner },
  )
  const played = new Map((await playsOf(reads, owner, listed, range, tz)).map(row => [row.id, row]))
  const instants = [...played.values()].flatMap(({ first, last }) => [first, last]).filter(instant => instant !== null)
  return {
    releases: listed.map(album => toRelease(album, played.get(album.id), tz)),
    first: instants.length > 0 ? Math.min(...instants) : null,
    last: instants.length > 0 ? Math.max(...instants) : null,
  }
}

/** The artist's plays of the albums. */
function playsOf(
  reads: Snapshot,
  owner: number,
  albums: readonly Listed[],
  { from, to }: Interval,
  tz: string,
): Promise<Played[]> {
  return reads.rows<Played>(
    `WITH albums AS MATERIALIZED (
       SELECT unnest($ids::INTEGER[]) AS id, unnest($sinces::BIGINT[]) AS since
     )
     SELECT id, count(*) FILTER (instant >= $from AND instant < $to) AS plays,
       min(instant) FILTER (instant >= since) AS "firstPlay",
       min(instant) FILTER (instant >= $from AND instant < $to) AS first,
       max(instant) FILTER (instant >= $from AND instant < $to) AS last
     FROM facts JOIN albums ON album = id
     WHERE key IN ${KEYS_OF_OWNER} AND measure = 'plays'::measure
     GROUP BY id`,
    {
      owner,
      from: bound(from),
      to: bound(to),
      ids: JSON.stringify(albums.map(({ id }) => id)),
      sinces: JSON.stringify(albums.map(({ year }) => startOfYear(year, tz))),
    },
  )
}

/** The first instant of the year in which an album was released; before all plays where no year is known. */
function startOfYear(year: number | null, tz: string): Instant {
  return year === null ? Number.MIN_SAFE_INTEGER : startOfDay(new Temporal.PlainDate(year, 1, 1), tz)
}

function toRelease({ id, text, day, year }: Listed, played: Played | undefined, tz: string): Release {
  const firstPlay = played?.firstPlay ?? null
  const ofFirstPlay = firstPlay === null ? null : zoned(firstPlay, tz).toPlainDate().toString()
  const releaseDate = day ?? ofFirstPlay
  const stoodIn = ofFirstPlay === null ? null : 'firstPlay'
  return {
    id,
    text,
    releaseDate,
    releaseDateFrom: day === null ? stoodIn : 'catalogue',
    releaseYear: year,
    start: releaseDate === null ? null : startOfDay(Temporal.PlainDate.from(releaseDate), tz),
    plays: played?.plays ?? 0,
  }
}
