/** Entities as the dictionary has them and as the table `names` does. Listeners are in the dictionary alone. */
import { type DuckDBConnection, ENUM, INTEGER, VARCHAR } from '@duckdb/node-api'
import { ENTITY_KINDS, type EntityRef, idOf, kindOf } from '../../identity/entity-ref.ts'
import type { Numbered } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'

/** What a listener's text in the dictionary begins with. */
export const LISTENER = 'listener:'
export const KIND = ENUM([...ENTITY_KINDS])

/** A listener as the dictionary has it. */
export const listenerText = (userId: string): string => LISTENER + userId

/** Writes the entities among strings, inside the connection's transaction. */
export async function appendNames(connection: DuckDBConnection, strings: readonly Numbered[]): Promise<void> {
  const entities = strings.filter(({ text }) => !text.startsWith(LISTENER))
  await appendRows(connection, 'names', [
    { type: INTEGER, values: entities.map(({ id }) => id) },
    { type: KIND, values: entities.map(({ text }) => kindOf(text as EntityRef)) },
    { type: VARCHAR, values: entities.map(({ text }) => idOf(text as EntityRef)) },
  ])
}
