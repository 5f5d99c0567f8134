/** Makes a model of what listeners have. */
import { factorise } from './factorisation.ts'
import { genreVectors } from './genre-vectors.ts'
import type { Model } from './model.ts'
import { nearestItems } from './neighbours.ts'
import { rowCount, rowSizes, transpose } from './sparse-rows.ts'
import type { TrainingData } from './training-data.ts'

/** While training, a vector of 128 numbers for each listener and item would need more than 30 MB above this many. */
const MOST_WITH_128 = 60_000
/** A neighbour takes 8 bytes of each item, in each process that serves the model. */
const MOST_WITH_100_NEIGHBOURS = 50_000
const MOST_PLAYED_SHARE = 0.1

export interface TrainingOptions {
  /** The artists of the most played tenth. */
  mostPlayed: ReadonlySet<string>
  dimensions?: number
}

export function trainModel(data: TrainingData, { mostPlayed, dimensions }: TrainingOptions): Model {
  const { kind, ids, artists, popularity } = data
  const byItem = transpose(data.listeners, ids.length)
  const size = dimensions ?? dimensionsFor(rowCount(data.listeners), ids.length)
  return {
    kind,
    ids,
    artists,
    dimensions: size,
    ...factorise(data.listeners, byItem, size),
    neighbours: nearestItems(data.listeners, byItem, ids.length > MOST_WITH_100_NEIGHBOURS ? 50 : 100),
    genres: genreVectors(data.genres),
    popularity,
    listeners: rowSizes(byItem),
    isMostPlayed: Uint8Array.from(artists, artist => (artist !== null && mostPlayed.has(artist) ? 1 : 0)),
  }
}

/**
 * 128, or 64 where memory asks for it; of few items half their number, since more would learn each pair by heart. Always a multiple
 * of 4, as the algebra needs it.
 */
function dimensionsFor(listeners: number, items: number): number {
  return Math.min(listeners + items > MOST_WITH_128 ? 64 : 128, 4 * Math.ceil(items / 8))
}

/** The tenth of all artists that has the most decayed plays; of equal plays, those with the smaller ids. */
export function mostPlayedArtists({ ids, popularity }: TrainingData): Set<string> {
  const ranked = ids.map((id, item) => ({ id, item, plays: popularity[item]! }))
  ranked.sort((a, b) => b.plays - a.plays || a.item - b.item)
  return new Set(ranked.slice(0, Math.ceil(ids.length * MOST_PLAYED_SHARE)).map(({ id }) => id))
}
