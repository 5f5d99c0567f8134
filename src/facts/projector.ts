/** The projector: turns what is new in the log into facts, batch by batch, and takes in what the catalogue said. */

import { setImmediate as turn } from 'node:timers/promises'
import { creditEntry } from '../attribution/credited-entry.ts'
import { toCatalogueRow } from '../catalogue/catalogue-record.ts'
import type { KeepSetAside, SetAside } from '../ingestion/set-aside.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import type { Checkpoint, EventFacts, Figures } from '../storage/figures.ts'
import type { DocumentsSince, LogReader, Seq, StoredEntry } from '../storage/storage.ts'
import { factsOf } from './fact.ts'

/** Events in one batch at most: more take more memory, fewer cost more commits. */
export const BATCH_EVENTS = 10_000
/** Credits in one batch, give or take a slice, for one event may give thousands: they take the memory. */
export const BATCH_CREDITS = 10_000
/** Characters of events in one batch, give or take a slice: each of their names may be new to the figures. */
const BATCH_CHARACTERS = 8 * 2 ** 20
/** Events folded at a time, some 2 ms: in between, a question, which has ten steps, gets its turn for each of them. */
const SLICE_EVENTS = 100
/** Credits folded at a time, give or take an event. */
const SLICE_CREDITS = 300
/** Records of the catalogue taken in at a time. */
export const RECORDS = 2_000

/** Where the projector reads: the log, and the documents beside it. */
export type Source = LogReader & DocumentsSince

/** What the projector tells while it works. */
export interface ProjectorEvents {
  /** Takes the entries that no figure can contain. No checkpoint passes them before they are kept. */
  keepSetAside: KeepSetAside
  /** Hears of each checkpoint that is reached. */
  onApplied?: (checkpoint: Seq) => void
}

/**
 * Brings the figures up to the entry `upTo` of the log, batch by batch.
 * @throws StoreUnavailable what `onApplied` has not heard of was not applied then
 */
export async function project(log: LogReader, figures: Figures, upTo: Seq, events: ProjectorEvents): Promise<void> {
  while (figures.checkpoint.seq < upTo) await projectBatch(log, figures, upTo, events)
}

/**
 * As `project`, but one batch only. True where it was full before it had as many events as a batch may have, because
 * they have much in them.
 */
export async function projectBatch(
  log: LogReader,
  figures: Figures,
  upTo: Seq,
  { keepSetAside, onApplied = () => {} }: ProjectorEvents,
): Promise<boolean> {
  const reached = { ...figures.checkpoint }
  const end = Math.min(upTo, reached.seq + BATCH_EVENTS)
  if (reached.seq >= end) return false
  await figures.apply(foldBatch(log, reached, end, keepSetAside), reached)
  onApplied(reached.seq)
  return reached.seq < end
}

/** The facts of the entries after `reached`, which moves on with them, up to `end` or until the batch is full. */
async function* foldBatch(
  log: LogReader,
  reached: Checkpoint,
  end: Seq,
  keepSetAside: KeepSetAside,
): AsyncGenerator<EventFacts[]> {
  let credits = 0
  let characters = 0
  const isFull = () => credits >= BATCH_CREDITS || characters >= BATCH_CHARACTERS
  while (reached.seq < end && !isFull()) {
    const entries = (await log.readLog(reached.seq, SLICE_EVENTS)).filter(({ seq }) => seq <= end)
    // The rest of them is lost.
    if (entries.length === 0) Object.assign(reached, { seq: end, eventId: null })
    for (const slice of foldEntries(entries)) {
      if (slice.setAside.length > 0) await keepSetAside(slice.setAside)
      yield slice.events
      await turn()
      Object.assign(reached, { seq: slice.last.seq, eventId: slice.last.id })
      credits += slice.credits
      characters += slice.characters
      if (isFull()) break
    }
  }
}

interface Slice {
  events: EventFacts[]
  /** What can't be counted: it gives no facts, and has to be kept first. */
  setAside: SetAside[]
  last: StoredEntry
  credits: number
  characters: number
}

function* foldEntries(entries: readonly StoredEntry[]): Generator<Slice> {
  let slice: Slice | undefined
  for (const entry of entries) {
    slice ??= { events: [], setAside: [], last: entry, credits: 0, characters: 0 }
    addEntry(slice, entry)
    if (slice.credits < SLICE_CREDITS) continue
    yield slice
    slice = undefined
  }
  if (slice) yield slice
}

function addEntry(slice: Slice, entry: StoredEntry): void {
  const credited = creditEntry(entry)
  slice.last = entry
  slice.characters += entry.content.length
  if (credited.ok) {
    slice.credits += credited.event.credits.length
    slice.events.push(factsOf(entry.seq, credited.event))
  } else slice.setAside.push({ entry, fault: credited.fault })
}

/** Takes in what the catalogue said since; says whether there was anything. @throws StoreUnavailable */
export async function takeInRecords(documents: DocumentsSince, figures: Figures): Promise<boolean> {
  const found = await documents.documentsSince(CATALOGUE_RECORDS, figures.recordsUpTo, RECORDS)
  const last = found.at(-1)
  if (!last) return false
  await figures.applyRecords(found.map(toCatalogueRow), last.order)
  return true
}

/** As `project`, but tidies up on the way: a long log leaves nothing for later. */
export async function projectTidily(
  log: LogReader,
  figures: Figures,
  upTo: Seq,
  events: ProjectorEvents,
): Promise<void> {
  while (figures.checkpoint.seq < upTo) {
    await projectBatch(log, figures, upTo, events)
    await figures.tidy()
  }
  while (await figures.tidy());
}

/** Brings the figures up to all that the log and the catalogue's records hold now; gives the new checkpoint. */
export async function catchUp(
  source: Source & { lastSeq(): Promise<Seq> },
  figures: Figures,
  events: ProjectorEvents,
): Promise<Seq> {
  while (await takeInRecords(source, figures));
  await projectTidily(source, figures, await source.lastSeq(), events)
  return figures.checkpoint.seq
}
