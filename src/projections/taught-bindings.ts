/**
 * What events teach: which album was named with which artist, what tracks are called, and so on. Kept as counts of
 * events, in both directions, so that the pairing with most events wins whatever their order.
 */
import type { Change, TableSpec } from '../storage/storage.ts'
import type { Projection } from './projection.ts'

const counts = (name: string): TableSpec => ({
  name,
  kind: 'counters',
  bucket: 'none',
  maxima: [],
  version: 2,
  keys: 'thing',
  fields: 'thing',
})

export const TAUGHT = counts('taught')
export const TAUGHT_BY = counts('taught_by')

export const taughtBindings: Projection = {
  name: 'taught-bindings',
  tables: [TAUGHT, TAUGHT_BY],
  // A skip teaches too, and so does an opposite: both name things together.
  fold({ at, lessons }) {
    return lessons.flatMap(({ from, to }) => {
      const changes: Change[] = [{ op: 'increment', table: TAUGHT.name, key: from, field: to, at, by: 1 }]
      if (isLookedUpFrom(from, to)) {
        changes.push({ op: 'increment', table: TAUGHT_BY.name, key: to, field: from, at, by: 1 })
      }
      return changes
    })
  },
}

/** Nobody asks which things bear a label, or which tracks name an artist; those of an album have its genre. */
function isLookedUpFrom(from: string, to: string): boolean {
  if (to.startsWith('label:')) return false
  return !from.startsWith('track:') || to.startsWith('genre:') || to.startsWith('album:')
}
