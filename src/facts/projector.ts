/** The projector: turns the new entries of the log into facts, batch by batch, and takes in what the catalogue said. */
import { setImmediate as yieldThread } from 'node:timers/promises'
import { creditEntry } from '../attribution/credited-entry.ts'
import { factsOf } from '../attribution/credits.ts'
import { toCatalogueRow } from '../catalogue/catalogue-record.ts'
import type { KeepSetAside, SetAside } from '../ingestion/set-aside.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import type { Checkpoint, EventFacts, Figures } from '../storage/figures.ts'
import type { DocumentsSince, FiguresSource, LogReader, Seq, StoredEntry } from '../storage/storage.ts'

/** Events in one batch at most: more take more memory, fewer cost more commits. */
export const BATCH_EVENTS = 10_000
/** Credits in one batch, give or take a slice: they take the memory, and one event may have thousands. */
export const BATCH_CREDITS = 10_000
/** Characters of events in one batch, give or take a slice: each of their names may be new to the figures. */
const BATCH_CHARACTERS = 8 * 2 ** 20
/** Events applied at a time, in some 2 ms. In between, questions go on: each has about ten steps on this thread. */
const SLICE_EVENTS = 100
/** Credits applied at a time, give or take an event. */
const SLICE_CREDITS = 300
/** Records of the catalogue taken in at a time; one may have 1,000 tracks. */
export const RECORDS = 500

/** What the projector calls while it works. */
export interface ProjectorEvents {
  /** Takes the entries that no figure can contain. No checkpoint passes them before they are kept. */
  keepSetAside: KeepSetAside
  /** The figures have reached this checkpoint. */
  onApplied?: (checkpoint: Seq) => void
}

/**
 * Brings the figures up to the entry `upTo` of the log, batch by batch, and tidies them up on the way.
 * @throws StoreUnavailable: the figures are then at the last checkpoint that `onApplied` was called with
 */
export async function project(log: LogReader, figures: Figures, upTo: Seq, events: ProjectorEvents): Promise<void> {
  while (figures.checkpoint.seq < upTo) {
    await projectBatch(log, figures, upTo, events)
    await figures.tidy()
  }
  while (await figures.tidy());
}

/**
 * Projects one batch. True where it was full before it had as many events as a batch may have, because they
 * have very many credits or characters.
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
  await figures.apply(projectSlices(log, reached, end, keepSetAside), reached)
  onApplied(reached.seq)
  return reached.seq < end
}

/** The facts of the entries after `reached`, which moves on with them, up to `end` or until the batch is full. */
async function* projectSlices(
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
    // Damage has taken all entries from here to the end.
    if (entries.length === 0) Object.assign(reached, { seq: end, eventId: null })
    for (const slice of slicesOf(entries)) {
      if (slice.setAside.length > 0) await keepSetAside(slice.setAside)
      yield slice.events
      await yieldThread()
      Object.assign(reached, { seq: slice.last.seq, eventId: slice.last.id })
      credits += slice.credits
      characters += slice.characters
      if (isFull()) break
    }
  }
}

interface Slice {
  events: EventFacts[]
  /** Entries that can't be counted: they give no facts, and have to be kept before the checkpoint passes them. */
  setAside: SetAside[]
  last: StoredEntry
  credits: number
  characters: number
}

function* slicesOf(entries: readonly StoredEntry[]): Generator<Slice> {
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

/** Takes in at most RECORDS new catalogue records; says whether there were any. @throws StoreUnavailable */
export async function takeInRecords(documents: DocumentsSince, figures: Figures): Promise<boolean> {
  const found = await documents.documentsSince(CATALOGUE_RECORDS, figures.recordsUpTo, RECORDS)
  const last = found.at(-1)
  if (!last) return false
  await figures.applyRecords(found.map(toCatalogueRow), last.order)
  return true
}

/** Brings the figures up to all that the log and the catalogue's records hold now; gives the new checkpoint. */
export async function catchUp(
  source: FiguresSource & { lastSeq(): Promise<Seq> },
  figures: Figures,
  events: ProjectorEvents,
): Promise<Seq> {
  while (await takeInRecords(source, figures));
  await project(source, figures, await source.lastSeq(), events)
  return figures.checkpoint.seq
}
