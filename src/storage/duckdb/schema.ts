/**
 * The tables, views and macros of `figures.duckdb`.
 *
 * The features of DuckDB beyond standard SQL are used here: enumerations, macros, and the order of rows on disk. Entities
 * and listeners are numbers of the dictionary. The texts of listeners are not in this file.
 */

import { ENTITY_KINDS } from '../../identity/entity-ref.ts'
import { TOLD_STRATEGIES } from '../../identity/recommendation-id.ts'
import { type ColumnType, DEEDS, FACT_COLUMNS, FACT_FIELDS, MEASURES } from '../figures.ts'

const COLUMN_TYPES: Record<ColumnType, string> = {
  integer: 'BIGINT',
  'small integer': 'INTEGER',
  sign: 'TINYINT',
  measure: 'measure',
  entity: 'INTEGER',
  listener: 'INTEGER',
  text: 'VARCHAR',
}

const FACTS = FACT_FIELDS.map(field => `${field} ${COLUMN_TYPES[FACT_COLUMNS[field]]}`)

const listed = (texts: readonly string[]): string => texts.map(text => `'${text}'`).join(', ')

/** Rows in a group. DuckDB knows the smallest and greatest values of a group, and skips small groups more often. */
export const ROW_GROUP_SIZE = 16_384

export const SCHEMA = `
-- Comparisons write the value of an enumeration with its type, 'plays'::measure: else DuckDB turns each row into a text.
CREATE TYPE measure AS ENUM (${listed(MEASURES)});
CREATE TYPE entity_kind AS ENUM (${listed(ENTITY_KINDS)});
CREATE TYPE record_kind AS ENUM ('album', 'artist', 'alias');
CREATE TYPE deed AS ENUM (${listed(DEEDS)});
CREATE TYPE strategy AS ENUM (${listed(TOLD_STRATEGIES)});

-- One row: how far the figures go.
CREATE TABLE checkpoint (
  format INTEGER, dictionary VARCHAR, seq BIGINT, event_id VARCHAR, records_up_to BIGINT, names_up_to INTEGER
);

-- Entities by their numbers: artist 4 is kind 'artist', text '4'.
CREATE TABLE names (id INTEGER, kind entity_kind, text VARCHAR);

-- One row for each credit of an event. New rows are in recent_facts; sorting moves them into sorted_facts, where the rows
-- of a range of months are ordered by key and instant.
CREATE TABLE sorted_facts (seq BIGINT, ${FACTS.join(', ')});
CREATE TABLE recent_facts AS FROM sorted_facts;
CREATE VIEW facts AS FROM sorted_facts UNION ALL FROM recent_facts;
-- The ranges of sorted_facts: instants from start to before until.
CREATE TABLE ranges (start BIGINT, until BIGINT, rows BIGINT);

-- How many events name source and target together; kind is that of the target. A pair may have several rows, to be summed.
CREATE TABLE sorted_associations (source INTEGER, kind entity_kind, target INTEGER, events INTEGER);
CREATE TABLE recent_associations AS FROM sorted_associations;
CREATE VIEW associations AS FROM sorted_associations UNION ALL FROM recent_associations;

-- One row for each event about a recommendation. An item of an answer counts by the first events of the log that say it was
-- shown, and clicked: again is false for these two. shown_at and clicked_at are their instants, as far as they have come.
CREATE TABLE feedback (
  seq BIGINT, instant BIGINT, deed deed, strategy strategy, answer INTEGER, item INTEGER, listener INTEGER,
  again BOOLEAN, shown_at BIGINT, clicked_at BIGINT
);

-- The latest catalogue record of an album, an artist, or another id of an artist.
-- An album's title is a label; it was released on 2026-03-01, or in 2026 where only the year is known.
CREATE TABLE catalogue (
  entity INTEGER, kind record_kind, artist INTEGER, name INTEGER, label VARCHAR, genre INTEGER, title INTEGER,
  released VARCHAR, asked_at BIGINT
);
-- What the catalogue calls the tracks of an album; a title is a label.
CREATE TABLE catalogue_tracks (album INTEGER, track INTEGER, title INTEGER);

-- The owners of attribution keys that do not own themselves.
CREATE TABLE attribution (key INTEGER, owner INTEGER);

-- Sorts ids: first those that are numbers, by number, then the others by code points: '9' < '10' < '010' < 'a'.
CREATE MACRO id_order(id) AS
  CASE WHEN regexp_full_match(id, '[0-9]+')
    THEN '0' || lpad(length(ltrim(id, '0'))::VARCHAR, 5, '0') || ltrim(id, '0') || ' ' || id
    ELSE '1' || id
  END;

-- The target of a kind that most events name together with each source; of several, the one with the smallest id. Names
-- are only read where several targets have the same number of events.
CREATE MACRO best_of(sources, wanted) AS TABLE
  WITH summed AS (
    SELECT source, target, sum(events) AS events FROM associations
    WHERE source IN (SELECT unnest(sources)) AND kind = wanted::entity_kind
    GROUP BY source, target
  ), most AS (
    SELECT source, max(events) AS events, count(*) AS targets, any_value(target) AS target FROM summed GROUP BY source
  )
  SELECT source, target FROM most WHERE targets = 1
  UNION ALL
  SELECT source, target FROM (
    SELECT source, summed.target FROM summed JOIN most USING (source, events) WHERE targets > 1
  ) JOIN names ON names.id = target
  QUALIFY row_number() OVER (PARTITION BY source ORDER BY id_order(text), target) = 1;
`
