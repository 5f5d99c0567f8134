/** Entities as texts of the dictionary and as rows of the table `names`. Listeners are in the dictionary only. */
import { type DuckDBConnection, ENUM, INTEGER, VARCHAR } from '@duckdb/node-api'
import { ENTITY_KINDS, type EntityRef, idOf, kindOf } from '../../identity/entity-ref.ts'
import type { Numbered } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'

/** The prefix of a listener's text in the dictionary. */
export const LISTENER = 'listener:'
export const KIND = ENUM([...ENTITY_KINDS])

/** The text of a listener in the dictionary. */
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
