/**
 * The port of the figures: facts, and what is derived from them, written as obligations.
 *
 * Figures are derived from the event log and from what the catalogue said; they can be thrown away and made again. Only
 * the projector writes them. Every question is SQL over the tables that `duckdb/schema.ts` declares, put to one state of
 * them. A second engine takes the same facts and answers the same statements.
 */
import type { AttributionKey, EntityRef } from '../identity/entity-ref.ts'
import type { RecommendationId } from '../identity/recommendation-id.ts'
import { type Instant, type Seq, StoreUnavailable } from './storage.ts'

export const MEASURES = ['plays', 'likes', 'follows', 'purchases'] as const
export type Measure = (typeof MEASURES)[number]

/** One credit of one event: a pure function of the event and of what was decided when it arrived. */
export interface Fact {
  instant: Instant
  measure: Measure
  /** What the credit adds of its measure: +1, -1, or 0 where it changes revenue alone. */
  counts: 1 | -1 | 0
  key: AttributionKey
  /** Position among the credits of the event or, of an order, of the line: what counts an event once counts part 0. */
  part: number
  track?: EntityRef<'track'>
  album?: EntityRef<'album'>
  /** The user; absent where the event is anonymous. */
  listener?: string
  /** Revenue in minor units of `currency` (ISO 4217), signed. */
  amount?: number
  currency?: string
}

/** What a column of the facts holds. An engine keeps an `entity` and a `listener` as numbers of its dictionary. */
export type ColumnType = 'integer' | 'small integer' | 'sign' | 'measure' | 'entity' | 'listener' | 'text'

/** The columns of the facts behind `seq`, in their order: one for each field, and what it holds. Engines follow this list. */
export const FACT_COLUMNS: { readonly [field in keyof Required<Fact>]: ColumnType } = {
  instant: 'integer',
  measure: 'measure',
  counts: 'sign',
  key: 'entity',
  part: 'small integer',
  track: 'entity',
  album: 'entity',
  listener: 'listener',
  amount: 'integer',
  currency: 'text',
}

export const FACT_FIELDS = Object.keys(FACT_COLUMNS) as (keyof Fact)[]

/** To be increased when the columns change, or the same log gives other rows. The figures are then made again. */
export const FIGURES_FORMAT = 4

/** Two entities that an event names together: that `from` belongs to `to`, is called so, or is of that genre. */
export interface Association {
  from: EntityRef
  to: EntityRef
}

export const DEEDS = ['shown', 'clicked'] as const
export type Deed = (typeof DEEDS)[number]

/** What an event says of an item of an answer with recommendations. */
export interface Feedback {
  instant: Instant
  deed: Deed
  strategy: RecommendationId['strategy']
  answer: EntityRef<'answer'>
  item: EntityRef<'artist' | 'album' | 'track' | 'none'>
  /** As that of a fact. */
  listener?: string
}

/** What one entry of the log adds to the figures. */
export interface EventFacts {
  seq: Seq
  facts: readonly Fact[]
  associations: readonly Association[]
  feedback?: Feedback | undefined
}

/** What the catalogue said of one entity, in place of what it said before. */
export interface CatalogueRow {
  entity: EntityRef<'album' | 'artist'>
  kind: 'album' | 'artist' | 'alias'
  /** Of an album: its artist. Of an alias: the artist that it is another id of. */
  artist: EntityRef<'artist'> | null
  /** The name that an album's artist or an artist bears. */
  name: EntityRef<'name'> | null
  /** The name as it is spelled. */
  label: string | null
  genre: EntityRef<'genre'> | null
  /** What an album is called. */
  title: EntityRef<'label'> | null
  /** When an album was released: `2026-03-01`, or `2026` where only the year is known. */
  released: string | null
  /** What the tracks of an album are called, each track once. */
  tracks: readonly { track: EntityRef<'track'>; title: EntityRef<'label'> }[]
  /** When the catalogue was asked. */
  askedAt: Instant
}

/** Where the figures are: the last entry of the log that they contain (its id tells one log from another). */
export interface Checkpoint {
  seq: Seq
  /** null where `seq` is 0. */
  eventId: string | null
}

/** A state of the figures: the last entry of the log, and the last catalogue record, that they contain. */
export interface FiguresState {
  seq: Seq
  recordsUpTo: number
}

/** What has changed from one state of the figures to a later one. */
export interface Changes {
  since: FiguresState
  until: FiguresState
  /**
   * The numbers of all entities that events or the catalogue have named with others, or that have another owner; new ones
   * that were named alone are missing. null: too many to be kept.
   */
  entities: ReadonlySet<number> | null
}

export type Parameter = number | string | boolean | null | readonly number[] | readonly string[]

/** The values of a column of some rows. */
export type Column = readonly (number | null)[]

/** The figures in one state, for one question. */
export interface Snapshot {
  checkpoint(): Promise<Checkpoint>
  /**
   * The rows of a statement. Named parameters (`$from`): whole numbers are bound as such, lists as lists of integers or of
   * texts. Whole numbers of the answer come as numbers.
   */
  rows<Row>(sql: string, parameters?: Readonly<Record<string, Parameter>>): Promise<Row[]>
  /**
   * Hands the rows of a statement to `take`, some thousands at a time, as the values of its columns: for statements of very
   * many rows, of which objects would take too much time and memory. Columns are INTEGER or DOUBLE.
   */
  columns(
    sql: string,
    parameters: Readonly<Record<string, Parameter>>,
    take: (columns: readonly Column[]) => void,
  ): Promise<void>
  /** The numbers of entities; those that nothing mentions are absent. */
  idsOf<Ref extends EntityRef>(entities: readonly Ref[]): Map<Ref, number>
  /** The number of a listener. */
  listenerIdOf(userId: string): number | undefined
  /** The entities of numbers. */
  entitiesOf(ids: readonly number[]): Promise<Map<number, EntityRef>>
}

/** Slow questions read much: two of them run at a time, so that the others do not wait behind them. */
export type QuestionCost = 'quick' | 'slow'

/** Who asks, and whether somebody still waits for the answer. */
export interface Asker {
  client: string
  signal: AbortSignal
}

/** The client of what the service asks for itself, or for everybody. */
export const SERVICE_CLIENT = ''

export interface AskOptions {
  cost?: QuestionCost
  /** Whom it is asked for: clients take turns. Absent: `SERVICE_CLIENT`. */
  client?: string
  /** Two questions that wait at the same time for the same client are one where their keys are equal. */
  key?: string
  /** Ends the question where nobody waits for its answer any more. */
  signal?: AbortSignal | undefined
}

export interface Figures {
  /** Why the figures were begun anew when they were opened, in one line; null where they go on. */
  readonly begunAnew: string | null
  readonly checkpoint: Checkpoint
  /** Order (`StoredDocument.order`) of the last catalogue record that the figures contain. */
  readonly recordsUpTo: number
  /**
   * Adds what the entries after the present checkpoint give, and moves it: all or nothing. The slices are made while they
   * are taken; `upTo` is read when the last one has been, so that who makes them may decide then how far they go.
   * @throws StoreUnavailable where it can't be written now; nothing was then.
   * @throws FiguresDamaged as everything that reads or writes
   */
  apply(slices: AsyncIterable<readonly EventFacts[]>, upTo: Checkpoint): Promise<void>
  /** Takes in what the catalogue said, up to the record of this order. @throws StoreUnavailable as `apply` */
  applyRecords(records: readonly CatalogueRow[], upTo: number): Promise<void>
  /**
   * Runs one question against one state. Of each cost, two run at a time, and 32 wait; clients take turns.
   * @throws QuestionRefused where too many wait, or the question takes longer than its time.
   */
  ask<T>(question: (reads: Snapshot) => Promise<T>, options?: AskOptions): Promise<T>
  /** What has changed since it was called last, or since the figures were opened. */
  takeChanges(): Changes
  /** Does a part of the tidying up that is due, such as sorting what has arrived; says whether there was any. */
  tidy(): Promise<boolean>
  /** Copies the present state into a folder, from which it can be opened while this one goes on; gives its checkpoint. */
  copyTo(folder: string): Promise<Checkpoint>
  close(): Promise<void>
}

/** The figures can't be read any more: they are to be made again from the log. */
export class FiguresDamaged extends Error {
  override name = 'FiguresDamaged'
}

/** The engine has given them up, as where it has no room in the middle of a checkpoint; opened again, they go on. */
export class FiguresInvalidated extends FiguresDamaged {
  override name = 'FiguresInvalidated'
}

/** A question that isn't answered now, and why; asking it again later, or for less, is safe. */
export class QuestionRefused extends StoreUnavailable {
  override name = 'QuestionRefused'
}
