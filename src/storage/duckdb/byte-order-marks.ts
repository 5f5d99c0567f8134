/**
 * Imported for its effect: texts are read from DuckDB as they were written. Its driver takes a U+FEFF that a text begins with
 * for a byte order mark, and leaves it out: two names or ids would read alike, and a checkpoint whose event has such an id
 * would not be found in the log.
 */
import { textDecoder } from '@duckdb/node-api/lib/vectors/dataAccessors.js'

const whole = new TextDecoder('utf-8', { ignoreBOM: true })
textDecoder.decode = bytes => whole.decode(bytes)
