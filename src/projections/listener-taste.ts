/** What each listener played, liked, followed and bought, and how often, per month: what recommendations are made from. */
import type { Measure } from '../events/credits.ts'
import type { Change, TableSpec } from '../storage/storage.ts'
import type { Projection } from './projection.ts'

/** The table of one measure: listener → item, an item being `track:<key>`, else `album:<id>`, else a subject. */
export const tasteTable = (measure: Measure): TableSpec => ({
  name: `listener_${measure}`,
  kind: 'counters',
  bucket: 'month',
  maxima: [],
  version: 3,
  keys: 'listener',
  fields: 'thing',
})

const TABLES = {
  plays: tasteTable('plays'),
  likes: tasteTable('likes'),
  follows: tasteTable('follows'),
  purchases: tasteTable('purchases'),
}

export const listenerTaste: Projection = {
  name: 'listener-taste',
  tables: Object.values(TABLES),
  fold({ at, counted, measure, by, listener, track, album, credits, bought }) {
    if (!counted || listener === undefined) return []
    const thing = track !== undefined ? `track:${track}` : album !== undefined ? `album:${album}` : undefined
    const named = thing !== undefined ? [thing] : credits.map(({ subject }) => subject)
    // What was bought is what the order's lines name, not what the order itself does.
    const items = measure === 'purchases' ? bought : named
    const table = TABLES[measure].name
    return items.map((item): Change => ({ op: 'increment', table, key: listener, field: item, at, by }))
  },
}
