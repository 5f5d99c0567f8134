/** The methods that the model replaces, over the artists of a data set. */
import type { CatalogueAlbum } from '../../catalogue/answers.ts'
import type { PlayedItem } from '../../recommendations/evaluation/split.ts'
import { recommendByGenre } from '../../recommendations/genre-taste.ts'
import { weightOfPlays } from '../../recommendations/item-weight.ts'
import type { ItemGenres, TrainingData } from '../../recommendations/model/training-data.ts'
import { LIST_LENGTH, type ListMaker } from './cases.ts'

const MAX_GENRES = 5

/** The artists whom most listeners have. */
export function popularity({ ids, listeners }: TrainingData): ListMaker {
  const listenersOf = new Int32Array(ids.length)
  for (const item of listeners.columns) listenersOf[item]!++
  const ranked = [...ids.keys()].sort((a, b) => listenersOf[b]! - listenersOf[a]! || a - b)
  return ({ known }) => firstUnknown(ranked, known)
}

/** The service being replaced: artists of the listener's five greatest genres, in the order of the catalogue. */
export function genresInCatalogueOrder({ genres }: TrainingData): ListMaker {
  const genreOf = mainGenres(genres)
  return ({ history, known }) => {
    const own = new Set(tastesOf(history, genreOf).map(({ genre }) => genre))
    const items = [...genreOf.keys()].filter(item => own.has(genreOf[item]!))
    return firstUnknown(items, known)
  }
}

/** What this service does without a model: the listener's five greatest genres share the list, each with its most played. */
export function genresByPopularity(data: TrainingData): ListMaker {
  const { ids, genres, popularity } = data
  const genreOf = mainGenres(genres)
  const plays = new Map(ids.map((id, item) => [id, popularity[item]!]))
  const items = new Map(ids.map((id, item) => [id, item]))
  const inGenre = Map.groupBy(
    [...ids.keys()].filter(item => genreOf[item] !== null),
    item => genreOf[item]!,
  )
  const albums = new Map([...inGenre].map(([genre, items]) => [genre, items.map(item => albumOf(ids[item]!, genre))]))
  return ({ history, known }) => {
    const tastes = tastesOf(history, genreOf).map(({ genre, weight }) => ({ genre, share: weight, because: [] }))
    const hadAlbums = new Set([...known].map(item => ids[item]!))
    const profile = {
      genres: tastes,
      hadAlbums,
      hadArtists: new Set<string>(),
      ownAlbumPlays: new Map<string, number>(),
    }
    return recommendByGenre(profile, albums, plays, LIST_LENGTH).map(({ id }) => items.get(id)!)
  }
}

const firstUnknown = (items: readonly number[], known: ReadonlySet<number>): number[] =>
  items.filter(item => !known.has(item)).slice(0, LIST_LENGTH)

/** The genre that most listeners gave each artist; of equal ones, the first; null where nobody gave one. */
function mainGenres({ names, items }: ItemGenres): (string | null)[] {
  const { starts, columns, values } = items
  return Array.from({ length: starts.length - 1 }, (_, item) => {
    let best: number | null = null
    for (let at = starts[item]!; at < starts[item + 1]!; at++) {
      if (best === null || values[at]! > values[best]!) best = at
    }
    return best === null ? null : names[columns[best]!]!
  })
}

/** The genres of most weight in a history, at most five; of equal ones, the first by name. */
function tastesOf(
  history: readonly PlayedItem[],
  genreOf: readonly (string | null)[],
): { genre: string; weight: number }[] {
  const weights = new Map<string, number>()
  for (const { item, plays } of history) {
    const genre = genreOf[item]
    if (genre) weights.set(genre, (weights.get(genre) ?? 0) + weightOfPlays(plays))
  }
  return [...weights]
    .map(([genre, weight]) => ({ genre, weight }))
    .sort((a, b) => b.weight - a.weight || (a.genre < b.genre ? -1 : 1))
    .slice(0, MAX_GENRES)
}

/** An artist in the place of an album, which today's lists by genre are made of. */
function albumOf(id: string, genre: string): CatalogueAlbum {
  const unknown = {
    title: null,
    artistName: null,
    artistId: null,
    coverImage: null,
    releaseDate: null,
    releaseYear: null,
  }
  return { id, genre, ...unknown, tracks: [], hasAllTracks: true, isHidden: false }
}
