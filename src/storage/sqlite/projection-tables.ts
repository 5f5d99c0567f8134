/** The tables that hold the projections, and how they were laid out. */
import type { DatabaseSync } from 'node:sqlite'
import type { TableSpec } from '../storage.ts'
import { createDictionary } from './dictionary.ts'
import { createLogTimes, LOG_TIMES } from './log-times.ts'
import { levelsOf, PageTable, tableName } from './page-table.ts'

const LAYOUT = 'CREATE TABLE IF NOT EXISTS projection_layout (only_row INTEGER PRIMARY KEY, specs TEXT NOT NULL) STRICT'

/**
 * Lays the tables out as declared, inside the caller's transaction; says whether they were laid out otherwise. They are
 * empty then.
 */
export function bringUpProjections(database: DatabaseSync, specs: readonly TableSpec[]): boolean {
  database.exec(LAYOUT)
  const wasOutdated = isOutdated(database, specs)
  if (wasOutdated) emptyProjections(database, specs)
  else layOut(database, specs)
  return wasOutdated
}

/** Whether they are laid out, and for other tables. */
export function isOutdated(database: DatabaseSync, specs: readonly TableSpec[]): boolean {
  const layout = layoutOf(database)
  return layout !== undefined && layout !== JSON.stringify(specs)
}

/**
 * Removes all tables of projections, those of earlier layouts too, lays them out as declared, and sets the checkpoint to
 * 0, inside the caller's transaction. The strings keep their numbers.
 */
export function emptyProjections(database: DatabaseSync, specs: readonly TableSpec[]): void {
  for (const spec of JSON.parse(layoutOf(database) ?? '[]') as TableSpec[]) {
    for (const level of levelsOf(spec)) database.exec(`DROP TABLE IF EXISTS ${tableName(spec, level)}`)
  }
  database.exec(`DROP TABLE ${LOG_TIMES}; DELETE FROM projection_layout; UPDATE checkpoint SET seq = 0`)
  layOut(database, specs)
}

/** Creates what is missing. */
function layOut(database: DatabaseSync, specs: readonly TableSpec[]): void {
  createLogTimes(database)
  for (const space of new Set(specs.flatMap(spec => [spec.keys, spec.fields]))) createDictionary(database, space)
  for (const spec of specs) {
    for (const level of levelsOf(spec)) PageTable.create(database, tableName(spec, level))
  }
  database.prepare('INSERT OR IGNORE INTO projection_layout VALUES (1, ?)').run(JSON.stringify(specs))
}

function layoutOf(database: DatabaseSync): string | undefined {
  const layout = database.prepare('SELECT specs FROM projection_layout').get() as { specs: string } | undefined
  return layout?.specs
}
