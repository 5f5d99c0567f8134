/** Lists by a model for a listener, and of what is similar, with names as events have them. */
import { ownerAskedFor } from '../../attribution/attribution.ts'
import { albumRef, artistRef, type EntityRef, idOf, kindOf, trackRef } from '../../identity/entity-ref.ts'
import { type Described, describe, type Keyed, NO_NUMBER } from '../../statistics/describe.ts'
import type { Snapshot } from '../../storage/figures.ts'
import type { ItemKind } from '../item-kind.ts'
import { type ListenerHistory, listenerHistory } from '../listener-history.ts'
import type { ListRules } from './arrange.ts'
import { type ChosenItem, type ListenerInModel, listByModel, MOST_HISTORY } from './model-list.ts'
import type { ServedModel } from './served-models.ts'
import { similarItems } from './similar-items.ts'
import { tracksOfAlbum } from './tracks-of-album.ts'

/** What events say of an item. */
export type NamedItem = Keyed & Described

export interface ListQuestion extends ListRules {
  userId: string
  kind: ItemKind
  /** Ids of items that are left out, because the catalogue does not have them. */
  except: readonly string[]
}

/** Passes between threads by structured clone. */
export interface ModelList {
  /** The listener's items that scores are made of, of the greatest weight first. */
  history: NamedItem[]
  items: (Pick<ChosenItem, 'strategy' | 'score' | 'reason' | 'shares'> & { row: NamedItem })[]
}

export interface SimilarQuestion {
  kind: ItemKind
  /** As in questions for figures: of an artist, any form of the id or a name; of a track, the key. */
  id: string
  limit: number
  except: readonly string[]
}

export interface SimilarRow {
  /** The id of the item that was asked for, as the model has it. */
  of: string
  row: NamedItem
  score: number
}

export async function recommendItems(
  reads: Snapshot,
  { model, numberOf }: ServedModel,
  { userId, kind, except, ...rules }: ListQuestion,
): Promise<ModelList> {
  const listener = inModel(await listenerHistory(reads, kind, userId), { model, numberOf }, except)
  const chosen = listByModel(model, listener, rules)
  const items = [...listener.history, ...chosen].map(({ item }) => model.ids[item]!)
  const rows = await namedItems(reads, kind, items)
  return {
    history: rows.slice(0, listener.history.length),
    items: chosen.map(({ item: _number, ...rest }, i) => ({ ...rest, row: rows[listener.history.length + i]! })),
  }
}

/** Empty for what the model does not know. */
export async function similarTo(
  reads: Snapshot,
  { model, numberOf }: ServedModel,
  { kind, id, limit, except }: SimilarQuestion,
): Promise<SimilarRow[]> {
  const asked = kind === 'artist' ? await artistIdOf(reads, id) : id
  const item = asked === undefined ? undefined : numberOf.get(asked)
  if (item === undefined) return []
  const similar = similarItems(model, item, new Set(numbersOf(except, numberOf)), limit)
  const rows = await namedItems(
    reads,
    kind,
    similar.map(({ item }) => model.ids[item]!),
  )
  return similar.map(({ score }, i) => ({ of: model.ids[item]!, row: rows[i]!, score }))
}

function inModel(
  { entries, elsewhere }: ListenerHistory,
  { model, numberOf }: ServedModel,
  except: readonly string[],
): ListenerInModel {
  const known = entries.flatMap(({ id, weight, isHad }) => {
    const item = numberOf.get(id)
    return item === undefined ? [] : [{ item, weight, isHad }]
  })
  const alsoHad =
    model.kind === 'track'
      ? elsewhere.flatMap(album => tracksOfAlbum(album, model.ids))
      : numbersOf(elsewhere, numberOf)
  const never = [...alsoHad, ...numbersOf(except, numberOf)]
  return {
    history: known.slice(0, MOST_HISTORY).map(({ item, weight }) => ({ item, weight })),
    known: new Set([...known.map(({ item }) => item), ...never]),
    had: new Set([...known.filter(({ isHad }) => isHad).map(({ item }) => item), ...never]),
  }
}

const numbersOf = (ids: readonly string[], numberOf: ReadonlyMap<string, number>): number[] =>
  ids.map(id => numberOf.get(id)).filter(item => item !== undefined)

const refOf: Record<ItemKind, (id: string) => EntityRef> = { artist: artistRef, album: albumRef, track: trackRef }

function namedItems(reads: Snapshot, kind: ItemKind, ids: readonly string[]): Promise<NamedItem[]> {
  const refs = ids.map(refOf[kind])
  const numbers = reads.idsOf(refs)
  return describe(
    reads,
    `${kind}s`,
    refs.map((entity, i) => {
      const key = kind === 'artist' ? entity : ids[i]!
      return { id: numbers.get(entity) ?? NO_NUMBER, entity, row: { key, enriched: false } }
    }),
  )
}

/** The id of the artist whom a text means; undefined where it means nobody, or a name that belongs to no artist. */
async function artistIdOf(reads: Snapshot, asked: string): Promise<string | undefined> {
  const owner = await ownerAskedFor(reads, asked)
  const entity = owner === undefined ? undefined : (await reads.entitiesOf([owner])).get(owner)
  return entity !== undefined && kindOf(entity) === 'artist' ? idOf(entity) : undefined
}
