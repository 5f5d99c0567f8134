/**
 * Views of the figures for people, in the SQL prompt and in exports. They belong to the connection, not to the file, so that
 * they can change without a new format.
 */
import { INTEGER, VARCHAR } from '@duckdb/node-api'
import { appendRows } from './append.ts'
import type { ReadOnlyFigures } from './read-only-figures.ts'

/** The views. The tables that they are made of are visible too. */
export const VIEWS = ['plays', 'likes', 'follows', 'purchases', 'artists', 'albums', 'tracks', 'recommended'] as const

/**
 * The names and owners of all entities. They are made once, because that reads all associations, and in small steps, each
 * of which can spill to disk.
 */
const TABLES = `
CREATE TEMP TABLE pairs AS
  SELECT source, kind, target, sum(events)::BIGINT AS events FROM associations GROUP BY ALL;

-- For each entity and each kind: the targets that most events name together with it. Of several, named_with takes the one
-- with the smallest id.
CREATE TEMP TABLE most AS
  SELECT source, kind, target
  FROM pairs JOIN (SELECT source, kind, max(events) AS events FROM pairs GROUP BY ALL) USING (source, kind, events);

CREATE TEMP TABLE one_of_most AS
  SELECT source, kind, any_value(target) AS target, count(*) AS targets FROM most GROUP BY ALL;

CREATE TEMP TABLE named_with AS
  SELECT source AS id,
    max(target) FILTER (kind = 'artist') AS artist,
    max(target) FILTER (kind = 'album') AS album,
    max(target) FILTER (kind = 'name') AS name,
    max(target) FILTER (kind = 'genre') AS genre,
    max(target) FILTER (kind = 'label') AS label
  FROM (
    SELECT source, kind, target FROM one_of_most WHERE targets = 1
    UNION ALL
    SELECT source, kind, target
    FROM (SELECT most.* FROM most JOIN one_of_most USING (source, kind) WHERE targets > 1)
    JOIN (SELECT id AS target, text FROM names) USING (target)
    QUALIFY row_number() OVER (PARTITION BY source, kind ORDER BY id_order(text), target) = 1
  )
  GROUP BY source;

DROP TABLE pairs;
DROP TABLE most;
DROP TABLE one_of_most;

-- Artists, and names that belong to no artist, as they are spelled. A key without a row here has no owner.
CREATE TEMP TABLE owners AS
  SELECT names.id AS owner,
    CASE names.kind WHEN 'artist' THEN names.text END AS artist_id,
    coalesce(record.label, labels.text, CASE names.kind WHEN 'name' THEN names.text END) AS artist,
    genres.text AS genre
  FROM (FROM names WHERE kind IN ('artist', 'name')) AS names
  LEFT JOIN (SELECT entity, label, genre FROM catalogue WHERE kind = 'artist') AS record ON record.entity = names.id
  LEFT JOIN named_with ON named_with.id = names.id
  LEFT JOIN (FROM names WHERE kind = 'label') AS labels ON labels.id = named_with.label
  LEFT JOIN (FROM names WHERE kind = 'genre') AS genres ON genres.id = coalesce(record.genre, named_with.genre);

CREATE TEMP TABLE album_names AS
  SELECT names.id AS album, names.text AS album_id, owner, genres.text AS genre
  FROM (FROM names WHERE kind = 'album') AS names
  LEFT JOIN attribution ON attribution.key = names.id
  LEFT JOIN (SELECT entity, genre FROM catalogue WHERE kind = 'album') AS record ON record.entity = names.id
  LEFT JOIN named_with ON named_with.id = names.id
  LEFT JOIN (FROM names WHERE kind = 'genre') AS genres ON genres.id = coalesce(record.genre, named_with.genre);

-- The owner of a track is that of its album, else the artist or name in its own events.
CREATE TEMP TABLE track_names AS
  SELECT names.id AS track, names.text AS name, coalesce(listed.title, labels.text) AS title, named_with.album,
    coalesce(of_album.owner, own.owner, named_with.artist, named_with.name) AS owner,
    coalesce(record.genre, named_with.genre) AS genre
  FROM (FROM names WHERE kind = 'track') AS names
  LEFT JOIN named_with ON named_with.id = names.id
  LEFT JOIN (FROM names WHERE kind = 'label') AS labels ON labels.id = named_with.label
  LEFT JOIN (
    SELECT track, min(text) AS title FROM catalogue_tracks JOIN names ON id = title GROUP BY track
  ) AS listed ON listed.track = names.id
  LEFT JOIN attribution AS of_album ON of_album.key = named_with.album
  LEFT JOIN attribution AS own ON own.key = coalesce(named_with.artist, named_with.name)
  LEFT JOIN (SELECT entity, genre FROM catalogue WHERE kind = 'album') AS record ON record.entity = named_with.album;

DROP TABLE named_with;

-- The value of one minor unit of a currency in major ones, such as 0.01 EUR.
CREATE TEMP TABLE units AS SELECT code, (0.1 ** decimals)::DECIMAL(5, 4) AS unit FROM decimals;
DROP TABLE decimals;
`

/** A view with one row for each artist whom an event credits; part 0 is the first artist. */
const credits = (measure: string, more = '', join = ''): string => `
CREATE TEMP VIEW ${measure} AS
  SELECT make_timestamp_ms(instant) AS time, owners.artist, artist_id, album_id, track_names.name AS track, title,
    listener, counts AS count, part ${more}
  FROM facts
  LEFT JOIN attribution USING (key)
  LEFT JOIN owners ON owners.owner = coalesce(attribution.owner, key)
  LEFT JOIN album_names ON album_names.album = facts.album
  LEFT JOIN track_names ON track_names.track = facts.track
  ${join}
  WHERE measure = '${measure}';
`

const total = (measure: string): string =>
  `coalesce(sum(counts) FILTER (measure = '${measure}'), 0)::BIGINT AS ${measure}`

/** All-time totals. A track or an album counts an event once, even where it credits several artists. */
const TOTALS = `
CREATE TEMP VIEW artists AS
  SELECT artist_id, artist, genre, plays, likes, follows, purchases, last_event
  FROM (
    SELECT coalesce(attribution.owner, key) AS owner, ${total('plays')}, ${total('likes')}, ${total('follows')},
      ${total('purchases')}, make_timestamp_ms(max(instant)) AS last_event
    FROM facts LEFT JOIN attribution USING (key) GROUP BY ALL
  ) JOIN owners USING (owner);

CREATE TEMP VIEW albums AS
  SELECT album_id, artist, artist_id, album_names.genre, plays, likes, purchases, last_event
  FROM (
    SELECT album, ${total('plays')}, ${total('likes')}, ${total('purchases')}, make_timestamp_ms(max(instant)) AS last_event
    FROM facts WHERE album IS NOT NULL AND part = 0 GROUP BY album
  ) JOIN album_names USING (album) LEFT JOIN owners USING (owner);

CREATE TEMP VIEW tracks AS
  SELECT track_names.name AS track, title, album_id, artist, artist_id, coalesce(genres.text, album_names.genre) AS genre,
    plays, likes, last_event
  FROM (
    SELECT track, ${total('plays')}, ${total('likes')}, make_timestamp_ms(max(instant)) AS last_event
    FROM facts WHERE track IS NOT NULL AND part = 0 GROUP BY track
  ) JOIN track_names USING (track)
  LEFT JOIN album_names ON album_names.album = track_names.album
  LEFT JOIN owners ON owners.owner = track_names.owner
  LEFT JOIN (FROM names WHERE kind = 'genre') AS genres ON genres.id = track_names.genre;
`

/** A view with one row for each event about a recommendation; again: an earlier one said the same. */
const RECOMMENDED = `
CREATE TEMP VIEW recommended AS
  SELECT make_timestamp_ms(instant) AS time, deed, strategy, answers.text AS answer, items.kind AS type, items.text AS id,
    listener, again
  FROM feedback JOIN names AS answers ON answers.id = answer JOIN names AS items ON items.id = item;
`

/** Makes the views of the figures that are attached under a name. `currencies` has the number of decimals of each currency. */
export async function createViews(
  { connection }: ReadOnlyFigures,
  figures: string,
  currencies: ReadonlyMap<string, number>,
): Promise<void> {
  await connection.run('CREATE TEMP TABLE decimals (code VARCHAR, decimals INTEGER)')
  await appendRows(connection, 'decimals', [
    { type: VARCHAR, values: [...currencies.keys()] },
    { type: INTEGER, values: [...currencies.values()] },
  ])
  await connection.run(`USE ${figures}`)
  await connection.run(TABLES)
  for (const measure of ['plays', 'likes', 'follows']) await connection.run(credits(measure))
  await connection.run(
    credits('purchases', ', amount * coalesce(unit, 0.01) AS amount, currency', 'LEFT JOIN units ON code = currency'),
  )
  await connection.run(TOTALS)
  await connection.run(RECOMMENDED)
}
