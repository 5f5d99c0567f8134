/**
 * Reads what models are trained from out of the figures into a file, while the service works: in many questions, each of them
 * short, none of them with many objects. Numbers in the file are those of the figures' dictionary, which depend on the order
 * in which events arrived; `training-data-file.ts` makes training data of it, which does not.
 */
import { ownersOf, trackOriginsOf } from '../../attribution/attribution.ts'
import { idOf, kindOf } from '../../identity/entity-ref.ts'
import type { Column, Figures, Snapshot } from '../../storage/figures.ts'
import type { Interval, Seq } from '../../storage/storage.ts'
import { DAY_MS } from '../../units.ts'
import { ITEM_FACTS } from '../item-facts.ts'
import { ITEM_KINDS, type ItemKind } from '../item-kind.ts'
import { ITEM_WEIGHT } from '../item-weight.ts'
import type { ArrayFileWriter, Numbers } from './array-file.ts'
import { genresOfItems } from './item-genres.ts'

/** Which events are read. */
export interface TrainingEvents {
  /** The last entry of the log, so that all questions see the same events while new ones arrive. */
  upTo: Seq
  /** Only those of this time. */
  time: Interval
}

export const ALL_TIME: Interval = { from: -8.64e15, to: 8.64e15 }

/** Adds to an array of one kind. */
type Write = (name: string, values: Numbers | readonly string[]) => Promise<void>
type Ask = Pick<Figures, 'ask'>

/** A play counts half as much as one 30 days later. */
const HALF_LIFE_MS = 30 * DAY_MS
/**
 * Decayed plays are summed as whole numbers of 2^-40: a sum of fractions would depend on the order in which DuckDB's threads
 * add them up. So a play counts nothing 40 half-lives, three years, before the last fact.
 */
const FRACTION_BITS = 40
/** DuckDB takes some 100 bytes a fact for what it adds up at a time: 50 MB. */
const FACTS_IN_RANGE = 500_000
/** Listeners with close numbers, which are read together. */
const BUCKET = 256
/** Items described by one question: their objects take the thread a millisecond. */
const PAGE = 1_000

const OF_EVENTS = 'seq <= $upTo AND instant >= $from AND instant < $to'
const boundsOf = ({ upTo, time }: TrainingEvents) => ({ upTo, ...time })

/** Writes the arrays of all kinds, those of one with names such as `album ids`. */
export async function readTrainingData(figures: Ask, events: TrainingEvents, into: ArrayFileWriter): Promise<void> {
  const ranges = await listenerRanges(figures, events)
  const genres = new Set<number>()
  for (const kind of ITEM_KINDS) {
    const items = await readItems(figures, kind, events)
    const write: Write = (name, values) => into.append(`${kind} ${name}`, values)
    await write('plays', items.plays)
    for (let i = 0; i < items.entities.length; i += PAGE) {
      await writePage(figures, kind, { entities: items.entities.subarray(i, i + PAGE), first: i, genres, write })
    }
    const positions = positionsOf(items.entities)
    for (const range of ranges) await writePairs(figures, kind, { events, range, positions, write })
  }
  await writeGenres(figures, [...genres], into)
}

interface ListenerRange {
  /** Numbers of listeners, `beyond` excluded. */
  first: number
  beyond: number
  /** Not more facts are theirs. */
  facts: number
}

/** All listeners with facts, in ranges that can be read at a time. */
async function listenerRanges(figures: Ask, events: TrainingEvents): Promise<ListenerRange[]> {
  const ranges: ListenerRange[] = []
  const add = (bucket: number, facts: number) => {
    const last = ranges.at(-1)
    const beyond = (bucket + 1) * BUCKET
    if (last && last.facts + facts <= FACTS_IN_RANGE) Object.assign(last, { beyond, facts: last.facts + facts })
    else ranges.push({ first: bucket * BUCKET, beyond, facts })
  }
  await columnsOf(
    figures,
    `SELECT (listener // ${BUCKET})::INTEGER AS bucket, count(*)::DOUBLE FROM facts
     WHERE listener IS NOT NULL AND ${OF_EVENTS} GROUP BY bucket ORDER BY bucket`,
    boundsOf(events),
    ([buckets, counts], i) => add(buckets![i]!, counts![i]!),
  )
  return ranges
}

interface Items {
  /** In ascending order: an item's position is its number in the file. */
  entities: Int32Array
  plays: Float32Array
}

/** Every entity of the kind that a counted event names, with its decayed plays. */
async function readItems(figures: Ask, kind: ItemKind, events: TrainingEvents): Promise<Items> {
  const entities: number[] = []
  const plays: number[] = []
  await columnsOf(
    figures,
    `WITH latest AS (SELECT max(instant) AS latest FROM facts WHERE ${OF_EVENTS})
     SELECT item, coalesce(
       sum(round(pow(2, ${FRACTION_BITS} - (latest - instant) / ${HALF_LIFE_MS}))::BIGINT) FILTER (measure = 'plays'::measure),
       0)::DOUBLE
     FROM (${ITEM_FACTS[kind]}), latest
     WHERE ${OF_EVENTS} AND item IN (SELECT id FROM names WHERE kind = '${kind}'::entity_kind)
     GROUP BY item ORDER BY item`,
    boundsOf(events),
    ([items, sums], i) => {
      entities.push(items![i]!)
      plays.push(sums![i]! / 2 ** FRACTION_BITS)
    },
  )
  return { entities: Int32Array.from(entities), plays: Float32Array.from(plays) }
}

interface Page {
  entities: Int32Array
  /** The position of the first of them. */
  first: number
  /** Takes the numbers of all genres. */
  genres: Set<number>
  write: Write
}

async function writePage(figures: Ask, kind: ItemKind, { entities, first, genres, write }: Page): Promise<void> {
  const items = [...entities]
  const { ids, artists, ofGenres } = await figures.ask(
    async reads => {
      const texts = await reads.entitiesOf(items)
      const ofGenres = await genresOfItems(reads, kind, items)
      return { ids: items.map(item => idOf(texts.get(item)!)), artists: await artistsOf(reads, kind, items), ofGenres }
    },
    { cost: 'slow' },
  )
  const positions = new Map(items.map((item, i) => [item, first + i]))
  for (const { genre } of ofGenres) genres.add(genre)
  await write('ids', ids)
  await write('artists', artists)
  await write(
    'genre items',
    Int32Array.from(ofGenres, ({ item }) => positions.get(item)!),
  )
  await write(
    'genre numbers',
    Int32Array.from(ofGenres, ({ genre }) => genre),
  )
  await write(
    'genre events',
    Float32Array.from(ofGenres, ({ events }) => events),
  )
}

/** The artist of each item; empty where none is known. */
async function artistsOf(reads: Snapshot, kind: ItemKind, items: readonly number[]): Promise<string[]> {
  const owners = kind === 'track' ? await ownersOfTracks(reads, items) : await ownersOf(reads, items)
  const texts = await reads.entitiesOf([...owners.values()])
  return items.map(item => {
    const owner = texts.get(owners.get(item) ?? 0)
    return owner !== undefined && kindOf(owner) === 'artist' ? idOf(owner) : ''
  })
}

async function ownersOfTracks(reads: Snapshot, tracks: readonly number[]): Promise<Map<number, number>> {
  const origins = await trackOriginsOf(reads, tracks)
  return new Map([...origins].flatMap(([track, { owner }]) => (owner === null ? [] : [[track, owner]])))
}

interface Pairs {
  events: TrainingEvents
  range: ListenerRange
  positions: Int32Array
  write: Write
}

async function writePairs(figures: Ask, kind: ItemKind, { events, range, positions, write }: Pairs): Promise<void> {
  const { first, beyond, facts } = range
  const listeners = new Int32Array(facts)
  const items = new Int32Array(facts)
  const weights = new Float32Array(facts)
  let count = 0
  await columnsOf(
    figures,
    `SELECT listener, item, ${ITEM_WEIGHT}::DOUBLE AS weight FROM (
       SELECT listener, item,
         greatest(sum(counts) FILTER (measure = 'plays'::measure), 0)::BIGINT AS plays,
         greatest(sum(counts) FILTER (measure = 'likes'::measure), 0)::BIGINT AS likes,
         greatest(sum(counts) FILTER (measure = 'follows'::measure), 0)::BIGINT AS follows,
         greatest(sum(counts) FILTER (measure = 'purchases'::measure), 0)::BIGINT AS purchases
       FROM (${ITEM_FACTS[kind]})
       WHERE listener >= $first AND listener < $beyond AND item IS NOT NULL AND ${OF_EVENTS}
       GROUP BY listener, item
     )
     WHERE weight > 0`,
    { ...boundsOf(events), first, beyond },
    ([byListener, byItem, byWeight], i) => {
      // What is no item has no position, nor has what became one since the items were read.
      const position = positions[byItem![i]!] ?? -1
      if (position < 0) return
      listeners[count] = byListener![i]!
      items[count] = position
      weights[count] = byWeight![i]!
      count++
    },
  )
  await write('pair listeners', listeners.subarray(0, count))
  await write('pair items', items.subarray(0, count))
  await write('pair weights', weights.subarray(0, count))
}

/** By the number of an entity its position; -1 where it has none. */
function positionsOf(entities: Int32Array): Int32Array {
  const positions = new Int32Array((entities.at(-1) ?? 0) + 1).fill(-1)
  for (const [position, entity] of entities.entries()) positions[entity] = position
  return positions
}

async function writeGenres(figures: Ask, genres: readonly number[], into: ArrayFileWriter): Promise<void> {
  await into.append('genre numbers', Int32Array.from(genres))
  for (let i = 0; i < genres.length; i += PAGE) {
    const page = genres.slice(i, i + PAGE)
    const texts = await figures.ask(reads => reads.entitiesOf(page), { cost: 'slow' })
    await into.append(
      'genre names',
      page.map(genre => idOf(texts.get(genre)!)),
    )
  }
}

/** Puts one question, and hands over its rows one by one: the columns of some thousands, and the row's place in them. */
function columnsOf(
  figures: Ask,
  sql: string,
  parameters: Readonly<Record<string, number>>,
  take: (columns: readonly Column[], i: number) => void,
): Promise<void> {
  return figures.ask(
    reads =>
      reads.columns(sql, parameters, columns => {
        const rows = columns[0]?.length ?? 0
        for (let i = 0; i < rows; i++) take(columns, i)
      }),
    { cost: 'slow' },
  )
}
