/** The tables that hold the projections, and how they were laid out. */
import type { DatabaseSync } from 'node:sqlite'
import { ProjectionsOutdated, type TableSpec } from '../storage.ts'
import { createDictionary } from './dictionary.ts'
import { createLogTimes, LOG_TIMES } from './log-times.ts'
import { levelsOf, PageTable, tableName } from './page-table.ts'

const LAYOUT = 'CREATE TABLE IF NOT EXISTS projection_layout (only_row INTEGER PRIMARY KEY, specs TEXT NOT NULL) STRICT'

/** Creates what is missing. */
export function layOutProjections(database: DatabaseSync, specs: readonly TableSpec[]): void {
  database.exec(LAYOUT)
  createLogTimes(database)
  for (const space of new Set(specs.flatMap(spec => [spec.keys, spec.fields]))) createDictionary(database, space)
  for (const spec of specs) {
    for (const level of levelsOf(spec)) PageTable.create(database, tableName(spec, level))
  }
  database.prepare('INSERT OR IGNORE INTO projection_layout VALUES (1, ?)').run(JSON.stringify(specs))
}

/** @throws ProjectionsOutdated where the projections were laid out for other tables. */
export function checkLayout(database: DatabaseSync, specs: readonly TableSpec[]): void {
  database.exec(LAYOUT)
  const layout = database.prepare('SELECT specs FROM projection_layout').get() as { specs: string } | undefined
  if (layout === undefined || layout.specs === JSON.stringify(specs)) return
  throw new ProjectionsOutdated(
    'the projections were made by another version of the service: run `npm run rebuild` first',
  )
}

/** Removes all tables of projections, those of earlier layouts too. The strings keep their numbers. */
export function dropProjections(database: DatabaseSync): void {
  const layout = database.prepare('SELECT specs FROM projection_layout').get() as { specs: string }
  for (const spec of JSON.parse(layout.specs) as TableSpec[]) {
    for (const level of levelsOf(spec)) database.exec(`DROP TABLE IF EXISTS ${tableName(spec, level)}`)
  }
  database.exec(`DROP TABLE ${LOG_TIMES}; DROP TABLE projection_layout`)
}
