/** The list as a table for a spreadsheet: what is shown, and all that led to it. Pure. */

import type { Recommendation } from '../../../../http/recommendations.ts'
import type { Table } from '../../../parts/csv.ts'

export function csvTable(items: readonly Recommendation[]): Table {
  return {
    columns: ['position', 'type', 'id', 'title', 'artist', 'score', 'reason', 'strategy', 'exploration', 'because'],
    rows: items.map(({ type, id, title, artist, score, reason, strategy, exploration, because }, i) => [
      i + 1,
      type,
      id,
      title,
      artist,
      score,
      reason,
      strategy,
      String(exploration),
      JSON.stringify(because),
    ]),
  }
}
