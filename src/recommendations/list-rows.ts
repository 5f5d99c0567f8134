/** Rows of lists from what the figures say. */
import type { Described, Keyed } from '../statistics/describe.ts'
import type { ModelList, SimilarRow } from './lists/recommend-items.ts'
import type { PopularItem } from './popular-items.ts'
import type { Because, OwnItem, Recommendation } from './recommendation.ts'

/** Each item with the shares of the listener's own ones, the greatest first, without those that bring nothing. */
export function rowsByModel({ history, items }: ModelList): Recommendation[] {
  const own = history.map(ownItem)
  return items.map(({ row, strategy, score, reason, shares }): Recommendation => {
    const because = [...shares].map((share, i): Because => ({ ...own[i]!, share })).filter(({ share }) => share !== 0)
    because.sort((a, b) => b.share - a.share)
    return { ...nameOf(row), reason, score, strategy, exploration: strategy === 'exploration', because }
  })
}

export const rowsOfSimilar = (similar: readonly SimilarRow[]): Recommendation[] =>
  similar.map(({ of, row, score }) => {
    return { ...nameOf(row), reason: `similar:${of}`, score, strategy: 'similar', exploration: false, because: [] }
  })

/**
 * score = plays / greatest number of plays or, after other rows whose least score is `below`, below × plays / (1 + greatest number).
 */
export function rowsOfPopular(items: readonly PopularItem[], below?: number): Recommendation[] {
  const greatest = items.reduce((most, { plays }) => Math.max(most, plays), 0)
  return items.map(({ row, plays }) => {
    const score = below === undefined ? plays / Math.max(1, greatest) : (below * plays) / (1 + greatest)
    return { ...nameOf(row), reason: 'popular', score, strategy: 'popular', exploration: false, because: [] }
  })
}

/** The rows behind others, whose least score is `below`: scores and shares are multiplied by it. */
export function scaledTo(below: number | undefined, rows: readonly Recommendation[]): Recommendation[] {
  if (below === undefined) return [...rows]
  return rows.map(row => ({
    ...row,
    score: row.score * below,
    because: row.because.map(item => ({ ...item, share: item.share * below })),
  }))
}

type Named = Pick<Recommendation, 'id' | 'type' | 'albumId' | 'trackId' | 'title' | 'coverImage' | 'artist'>

function nameOf(row: Keyed & Described): Named {
  const { id, type } = row
  if (type === 'artist') return { id, type, title: row.name, coverImage: row.profileImage, artist: row.name }
  return { ...ownItem(row), title: row.title, coverImage: row.coverImage, artist: row.artistName }
}

function ownItem(row: Keyed & Described): OwnItem {
  const { id, type } = row
  if (type === 'artist') return { type, id, title: row.name }
  if (type === 'album' || row.albumId === null || row.trackId === null) return { type, id, title: row.title }
  return { type, id, albumId: row.albumId, trackId: row.trackId, title: row.title }
}
