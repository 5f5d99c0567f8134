/**
 * The tables of `figures.duckdb`, and what questions call them by.
 *
 * All that is particular to DuckDB beyond standard SQL is here: enumerations, macros, and the order in which rows lie on
 * disk. Entities and listeners are numbers of the dictionary; listeners' texts are not in this file at all.
 */

/** To be raised where the same log gives other rows, or the tables change: the figures are then made again. */
export const FORMAT = 2

/** Rows in a group, of which DuckDB knows the smallest and the greatest values: small ones are skipped more often. */
export const ROW_GROUP_SIZE = 16_384

export const SCHEMA = `
-- A value of an enumeration is written with its type where rows are compared with it, 'plays'::measure: else DuckDB makes a
-- text of each row.
CREATE TYPE measure AS ENUM ('plays', 'likes', 'follows', 'purchases');
CREATE TYPE entity_kind AS ENUM ('artist', 'album', 'name', 'track', 'genre', 'label', 'none');
CREATE TYPE record_kind AS ENUM ('album', 'artist', 'alias');

-- One row: what the figures contain.
CREATE TABLE checkpoint (
  format INTEGER, dictionary VARCHAR, seq BIGINT, event_id VARCHAR, records_up_to BIGINT, names_up_to INTEGER
);

-- Entities by their numbers: artist 4 is kind 'artist', text '4'.
CREATE TABLE names (id INTEGER, kind entity_kind, text VARCHAR);

-- One row for each credit of an event. What has arrived is in recent_facts; sorting moves it into sorted_facts, where
-- the rows of a range of months lie by key and instant.
CREATE TABLE sorted_facts (
  seq BIGINT, instant BIGINT, measure measure, counts TINYINT, key INTEGER, part INTEGER,
  track INTEGER, album INTEGER, listener INTEGER, amount BIGINT, currency VARCHAR
);
CREATE TABLE recent_facts AS FROM sorted_facts;
CREATE VIEW facts AS FROM sorted_facts UNION ALL FROM recent_facts;
-- The ranges: instants from start up to until (excluded).
CREATE TABLE ranges (start BIGINT, until BIGINT, rows BIGINT);

-- How many events named source and target together; kind is that of the target. To be summed: a pair has several rows.
CREATE TABLE sorted_associations (source INTEGER, kind entity_kind, target INTEGER, events INTEGER);
CREATE TABLE recent_associations AS FROM sorted_associations;
CREATE VIEW associations AS FROM sorted_associations UNION ALL FROM recent_associations;

-- What the catalogue said last of an album, an artist, or another id of an artist.
CREATE TABLE catalogue (
  entity INTEGER, kind record_kind, artist INTEGER, name INTEGER, label VARCHAR, genre INTEGER, asked_at BIGINT
);

-- Whom attribution keys belong to, where that is not themselves.
CREATE TABLE attribution (key INTEGER, owner INTEGER);

-- The order of ids: numbers first, as numbers, then the others by code points. '9' < '10' < '010' < 'a'.
CREATE MACRO id_order(id) AS
  CASE WHEN regexp_full_match(id, '[0-9]+')
    THEN '0' || lpad(length(ltrim(id, '0'))::VARCHAR, 5, '0') || ltrim(id, '0') || ' ' || id
    ELSE '1' || id
  END;

-- Of what each source was named together with, that of a kind with most events, then the smaller id. Only where
-- several have as many is it looked at what they are called.
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
