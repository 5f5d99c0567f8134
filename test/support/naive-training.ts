/** What models are trained from, by scanning events: the measure of `src/recommendations/training/`. */
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import { Naive } from './naive.ts'
import { naiveFold } from './naive-fold.ts'
import { naiveOrder } from './naive-order.ts'
import { type NaiveEvent, naiveCredits } from './naive-rules.ts'

type Kind = 'artist' | 'album' | 'track'

export interface NaiveTrainingData {
  ids: string[]
  artists: (string | null)[]
  popularity: number[]
  /** Of each listener the weights by id, divided by their mean; listeners in any order. */
  listeners: Map<string, number>[]
  /** Of each item the events by genre. */
  genres: Map<string, number>[]
}

interface Deed {
  listener: string | undefined
  measure: 'plays' | 'likes' | 'follows' | 'purchases'
  by: number
  at: number
}

const MONTH_MS = 30 * 86_400_000
/** 'a like counts as much as 7 plays, a follow as 15 and a purchase as 31' */
const WORTH = { plays: 1, likes: 7, follows: 15, purchases: 31 }

export class NaiveTraining {
  readonly #events: NaiveEvent[]
  readonly #facts: ReadonlyMap<string, CatalogueRecord>
  readonly #naive: Naive

  constructor(events: readonly IngestedEvent[], facts: ReadonlyMap<string, CatalogueRecord>) {
    this.#events = events.map(naiveCredits)
    this.#facts = facts
    this.#naive = new Naive(events, facts)
  }

  data(kind: Kind, before: number): NaiveTrainingData {
    const deeds = new Map<string, Deed[]>()
    const counted = this.#events.filter(({ counted, at }) => counted && at < before)
    for (const event of counted) {
      for (const { thing, by } of this.#thingsOf(kind, event)) {
        deeds.set(thing, [
          ...(deeds.get(thing) ?? []),
          { ...event, measure: event.measure!, listener: event.listener, by },
        ])
      }
    }
    const things = [...deeds.keys()].sort((a, b) => naiveOrder(bare(a), bare(b)))
    const latest = Math.max(...counted.map(({ at }) => at))
    return {
      ids: things.map(bare),
      artists: things.map(thing => this.#artistOf(thing)),
      popularity: things.map(thing =>
        deeds
          .get(thing)!
          .filter(({ measure }) => measure === 'plays')
          .reduce((sum, { at }) => sum + 2 ** (-(latest - at) / MONTH_MS), 0),
      ),
      listeners: listenersOf(deeds),
      genres: things.map(thing => this.#genres(thing)),
    }
  }

  #thingsOf(kind: Kind, { measure, track, credits }: NaiveEvent): { thing: string; by: number }[] {
    const named = credits.map(({ key, part, album, by }) => {
      const thing = kind === 'artist' ? this.#naive.owner(key) : part > 0 ? undefined : kind === 'album' ? album : track
      // 'A purchase is of what the order's lines name: they name albums, no tracks.'
      return { thing: kind === 'track' && measure === 'purchases' ? undefined : thing, by }
    })
    return named.flatMap(({ thing, by }) => (thing?.startsWith(`${kind}:`) ? [{ thing, by }] : []))
  }

  #artistOf(thing: string): string | null {
    const album = thing.startsWith('album:') ? thing : this.#most(thing, 'album')
    const ofAlbum = album && this.#naive.owner(album)
    const own = thing.startsWith('track:') ? (this.#most(thing, 'artist') ?? this.#most(thing, 'name')) : thing
    const owner = ofAlbum && !ofAlbum.startsWith('album:') ? ofAlbum : own && this.#naive.owner(own)
    return owner?.startsWith('artist:') ? bare(owner) : null
  }

  #genres(thing: string): Map<string, number> {
    const sum = new Map<string, number>()
    for (const source of this.#sourcesOf(thing)) {
      for (const [genre, events] of this.#said(source)) sum.set(genre, (sum.get(genre) ?? 0) + events)
    }
    return sum
  }

  #sourcesOf(thing: string): string[] {
    if (thing.startsWith('album:')) return [thing]
    if (thing.startsWith('track:')) {
      const album = this.#most(thing, 'album')
      if (album === undefined) return [thing]
      return this.#catalogued(album) === undefined && this.#told(thing).size > 0 ? [thing] : [album]
    }
    const named = this.#events.flatMap(({ associations }) => associations)
    const keys = this.#events.flatMap(({ credits }) => credits.map(({ key }) => key))
    const all = new Set<string>([...named.flatMap(({ from, to }) => [from, to]), ...keys, ...this.#facts.keys()])
    const own = [...all].filter(each => /^(artist|album|name):/.test(each) && this.#naive.owner(each) === thing)
    const tracks = named.filter(
      ({ from, to }) => from.startsWith('track:') && !to.startsWith('album:') && own.includes(to),
    )
    return [...new Set([thing, ...own, ...tracks.map(({ from }) => from)])]
  }

  #said(thing: string): Map<string, number> {
    const catalogued = this.#catalogued(thing)
    return catalogued === undefined ? this.#told(thing) : new Map([[catalogued, 1]])
  }

  #catalogued(thing: string): string | undefined {
    const record = this.#facts.get(thing)
    return record && record.kind !== 'alias' && record.genre ? naiveFold(record.genre) : undefined
  }

  #told(thing: string): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { from, to } of this.#events.flatMap(({ associations }) => associations)) {
      if (from === thing && to.startsWith('genre:')) counts.set(bare(to), (counts.get(bare(to)) ?? 0) + 1)
    }
    return counts
  }

  #most(thing: string, kind: string): string | undefined {
    const counts = new Map<string, number>()
    for (const { from, to } of this.#events.flatMap(({ associations }) => associations)) {
      if (from === thing && to.startsWith(`${kind}:`)) counts.set(to, (counts.get(to) ?? 0) + 1)
    }
    return [...counts].sort(([a, x], [b, y]) => y - x || naiveOrder(bare(a), bare(b)))[0]?.[0]
  }
}

function listenersOf(deeds: ReadonlyMap<string, Deed[]>): Map<string, number>[] {
  const listeners = new Map<string, Map<string, number>>()
  for (const [thing, ofThing] of deeds) {
    for (const [listener, own] of Map.groupBy(ofThing, ({ listener }) => listener)) {
      const net = (measure: Deed['measure']) =>
        Math.max(
          0,
          own.filter(deed => deed.measure === measure).reduce((sum, { by }) => sum + by, 0),
        )
      const measures = Object.keys(WORTH) as Deed['measure'][]
      const weight = Math.log2(1 + measures.reduce((sum, measure) => sum + WORTH[measure] * net(measure), 0))
      if (listener === undefined || weight === 0) continue
      listeners.set(listener, (listeners.get(listener) ?? new Map<string, number>()).set(bare(thing), weight))
    }
  }
  return [...listeners.values()].map(dividedByMean)
}

/** Weights are single-precision numbers before they are divided, and after it. */
function dividedByMean(row: ReadonlyMap<string, number>): Map<string, number> {
  const weights = [...row].map(([name, weight]): [string, number] => [name, Math.fround(weight)])
  const mean = weights.reduce((sum, [, weight]) => sum + weight, 0) / weights.length
  return new Map(weights.map(([name, weight]) => [name, weight / mean]))
}

const bare = (thing: string): string => thing.slice(thing.indexOf(':') + 1)
