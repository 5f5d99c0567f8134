/** Entities as texts of the dictionary and as rows of the table `names`. Listeners are in the dictionary only. */
import { type DuckDBConnection, ENUM, INTEGER, VARCHAR } from '@duckdb/node-api'
import { ENTITY_KINDS } from '../figures.ts'
import type { Numbered } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'

/** The prefix of a listener's text in the dictionary. */
export const LISTENER = 'listener:'
const NOBODY = 'none'
export const KIND = ENUM([...ENTITY_KINDS])

/** The text of a listener in the dictionary. */
export const listenerText = (userId: string): string => LISTENER + userId

/** `artist:4` of kind and text; what names nobody is its kind alone. */
export const entityOf = (kind: string, text: string): string => (kind === NOBODY ? NOBODY : `${kind}:${text}`)

/** Writes the entities among strings, inside the connection's transaction. */
export async function appendNames(connection: DuckDBConnection, strings: readonly Numbered[]): Promise<void> {
  const entities = strings.filter(({ text }) => !text.startsWith(LISTENER))
  await appendRows(connection, 'names', [
    { type: INTEGER, values: entities.map(({ id }) => id) },
    { type: KIND, values: entities.map(({ text }) => (text === NOBODY ? NOBODY : text.slice(0, text.indexOf(':')))) },
    { type: VARCHAR, values: entities.map(({ text }) => (text === NOBODY ? '' : text.slice(text.indexOf(':') + 1))) },
  ])
}
