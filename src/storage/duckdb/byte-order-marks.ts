/**
 * Makes DuckDB's driver keep a U+FEFF at the beginning of a text; imported for this effect only. The driver takes it for a
 * byte order mark and drops it. Then two names or ids would read alike, and a checkpoint whose event has such an id would
 * not be found in the log.
 */
import { textDecoder } from '@duckdb/node-api/lib/vectors/dataAccessors.js'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
textDecoder.decode = bytes => decoder.decode(bytes)
