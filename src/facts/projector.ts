/** The projector: turns what is new in the log into facts, batch by batch, and takes in what the catalogue said. */
import { setImmediate as turn } from 'node:timers/promises'
import { catalogueRecord, FACTS } from '../content/facts.ts'
import { creditEntry } from '../events/credited-entry.ts'
import type { KeepSetAside, SetAside } from '../events/set-aside.ts'
import type { EventFacts, Figures } from '../storage/figures.ts'
import type { DocumentsSince, LogReader, Seq } from '../storage/storage.ts'
import { factsOf } from './fact.ts'

/** Events in one batch at most: more take more memory, fewer cost more commits. */
export const BATCH_EVENTS = 10_000
/** Events folded at a time, some 2 ms: in between, a question, which has ten steps, gets its turn for each of them. */
const SLICE_EVENTS = 100
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
export async function project(
  log: LogReader,
  figures: Figures,
  upTo: Seq,
  { keepSetAside, onApplied = () => {} }: ProjectorEvents,
): Promise<void> {
  while (figures.checkpoint.seq < upTo) {
    const after = figures.checkpoint.seq
    const end = Math.min(upTo, after + BATCH_EVENTS)
    const [last] = await log.readLog(end - 1, 1)
    await figures.apply(foldLog(log, after, end, keepSetAside), {
      seq: end,
      eventId: last?.seq === end ? last.id : null,
    })
    onApplied(end)
  }
}

/** The facts of the entries after `after` up to `upTo`, in slices. What can't be counted gives none; it is kept first. */
async function* foldLog(
  log: LogReader,
  after: Seq,
  upTo: Seq,
  keepSetAside: KeepSetAside,
): AsyncGenerator<EventFacts[]> {
  while (after < upTo) {
    const entries = (await log.readLog(after, SLICE_EVENTS)).filter(({ seq }) => seq <= upTo)
    after = entries.at(-1)?.seq ?? upTo
    const slice: EventFacts[] = []
    const found: SetAside[] = []
    for (const entry of entries) {
      const credited = creditEntry(entry)
      if (credited.ok) slice.push(factsOf(entry.seq, credited.event))
      else found.push({ entry, fault: credited.fault })
    }
    if (found.length > 0) await keepSetAside(found)
    yield slice
    await turn()
  }
}

/** Takes in what the catalogue said since; says whether there was anything. @throws StoreUnavailable */
export async function takeInRecords(documents: DocumentsSince, figures: Figures): Promise<boolean> {
  const found = await documents.documentsSince(FACTS, figures.recordsUpTo, RECORDS)
  const last = found.at(-1)
  if (!last) return false
  await figures.learn(
    found.map(({ id, value }) => catalogueRecord(id, value)),
    last.order,
  )
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
    await project(log, figures, Math.min(upTo, figures.checkpoint.seq + BATCH_EVENTS), events)
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
