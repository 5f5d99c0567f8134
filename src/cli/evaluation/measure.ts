/** The figures of the protocol for one split of a data set: of the model, and of the methods that it replaces. */
import {
  coverageAt,
  listenersAt,
  ndcgAt,
  recallAt,
  reciprocalRankAt,
} from '../../recommendations/evaluation/metrics.ts'
import { type Split, splitHash } from '../../recommendations/evaluation/split.ts'
import type { Model } from '../../recommendations/model/model.ts'
import { mostPlayedArtists, trainModel } from '../../recommendations/model/train-model.ts'
import type { TrainingData } from '../../recommendations/model/training-data.ts'
import { genresByPopularity, genresInCatalogueOrder, popularity } from './baselines.ts'
import { casesOf, type EvaluationCase, isNewListener, LIST_LENGTH, type ListMaker, newListenersOf } from './cases.ts'
import type { DataSet, Tagging } from './data-set.ts'
import { modelLists } from './model-lists.ts'
import { trainingDataOf } from './training-set.ts'

/** Passes between threads by structured clone. */
export interface Measured {
  /** Of the test's pairs, to compare with other programs. */
  hash: string
  testPairs: number
  methods: MethodFigures[]
  newListeners: NewListenerFigures[]
}

export interface MethodFigures {
  name: string
  /** Of each tested listener, in the same order for all methods. */
  ndcgAt10: number[]
  recallAt20: number[]
  reciprocalRankAt100: number[]
  coverageAt10: number
  listenersAt10: number
}

export interface NewListenerFigures {
  name: string
  /** How many items were known of each listener. */
  known: number
  ndcgAt10: number[]
}

export const METHODS = {
  popularity: 'popularity',
  catalogueOrder: 'genres in catalogue order (the service being replaced)',
  genres: 'genres by popularity (without a model)',
  model: 'model',
  modelExploring: 'model, exploration on',
  tags: 'model with tags',
  tagsExploring: 'model with tags, exploration on',
} as const

/** How many items are known of new listeners. */
export const KNOWN_ITEMS = [1, 3, 5, 10] as const

/** `onStep` hears of each part that is done, of `STEPS`. */
export function measure({ listenerIds, artistIds, taggings }: DataSet, split: Split, onStep: () => void): Measured {
  const visible = taggings.filter(({ listener, artist }) => !split.test[listener]!.includes(artist))
  const data = trainingDataOf(artistIds, split.train, visible)
  const model = modelOf(data)
  onStep()
  const cases = casesOf(split)
  const figures = (name: string, lists: ListMaker): MethodFigures => {
    const measured = figuresOf(name, lists, cases, model)
    onStep()
    return measured
  }
  const methods = [
    figures(METHODS.popularity, popularity(data)),
    figures(METHODS.catalogueOrder, genresInCatalogueOrder(data)),
    figures(METHODS.genres, genresByPopularity(data)),
    figures(METHODS.model, modelLists(withoutGenres(model), false)),
    figures(METHODS.modelExploring, modelLists(withoutGenres(model), true)),
    figures(METHODS.tags, modelLists(model, false)),
    figures(METHODS.tagsExploring, modelLists(model, true)),
  ]
  const newListeners = measureNewListeners(artistIds, split, visible)
  onStep()
  const testPairs = split.test.flat().length
  return { hash: splitHash(split, listenerIds, artistIds), testPairs, methods, newListeners }
}

export const STEPS = Object.keys(METHODS).length + 2

function modelOf(data: TrainingData): Model {
  return trainModel(data, { mostPlayed: mostPlayedArtists(data) })
}

/** Genres have no part in the vectors and in the nearest items, so that the rest is as it would be trained without them. */
function withoutGenres(model: Model): Model {
  const starts = new Int32Array(model.ids.length + 1)
  return { ...model, genres: { names: [], items: { starts, columns: new Int32Array(), values: new Float32Array() } } }
}

/** Of a model that knows nothing of every fifth listener. */
function measureNewListeners(artistIds: string[], split: Split, taggings: readonly Tagging[]): NewListenerFigures[] {
  const seen = split.train.filter((_, listener) => !isNewListener(listener))
  const data = trainingDataOf(
    artistIds,
    seen,
    taggings.filter(({ listener }) => !isNewListener(listener)),
  )
  const model = modelOf(data)
  const methods = {
    [METHODS.popularity]: popularity(data),
    [METHODS.model]: modelLists(withoutGenres(model), false),
    [METHODS.tags]: modelLists(model, false),
  }
  return KNOWN_ITEMS.flatMap(known => {
    const cases = newListenersOf(split, known)
    return Object.entries(methods).map(([name, lists]) => {
      return { name, known, ndcgAt10: cases.map(each => ndcgAt(10, lists(each), each.wanted)) }
    })
  })
}

function figuresOf(name: string, listOf: ListMaker, cases: readonly EvaluationCase[], model: Model): MethodFigures {
  const lists = cases.map(listOf)
  const each = (figure: typeof ndcgAt, k: number) => lists.map((list, i) => figure(k, list, cases[i]!.wanted))
  return {
    name,
    ndcgAt10: each(ndcgAt, 10),
    recallAt20: each(recallAt, 20),
    reciprocalRankAt100: each(reciprocalRankAt, LIST_LENGTH),
    coverageAt10: coverageAt(10, lists, model.ids.length),
    listenersAt10: listenersAt(10, lists, model.listeners),
  }
}
