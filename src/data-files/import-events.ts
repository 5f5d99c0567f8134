/** The events of a dump: what the rules let in goes to the log, the rest to the dead letters, as over HTTP. */
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { toLogEntry } from '../events/event.ts'
import { type DeadLetter, DeadLetters } from '../ingestion/dead-letters.ts'
import { CONFLICT } from '../ingestion/ingestion.ts'
import type { Storage } from '../storage/storage.ts'
import { DataFileError, faultAt } from './data-file-error.ts'
import { type EventSettings, type ReadEvent, readEventDocument } from './event-document.ts'
import { inBatches } from './in-batches.ts'
import { type Listed, list } from './listed.ts'
import { type FileDocument, type OnBytes, readDocuments } from './read-documents.ts'

/**
 * Characters of a document that can be an event: far more than any event of 64 KiB has in Extended JSON, and less than
 * what MongoDB takes as one document of a shared log.
 */
const MAX_CHARACTERS = 2 ** 20
/** Of a longer one, a dead letter keeps the beginning only, as over HTTP. */
const MAX_KEPT_CHARACTERS = 64 * 1024
const BEGINNING = 1_000
/** Of one event. */
const MAX_SHOWN_FAULTS = 5

const TOO_LARGE: Fault = {
  path: '',
  code: 'too_large',
  message: `must not be longer than ${MAX_CHARACTERS} characters`,
}

const CONFLICT_TEXT = `the store has another event under this id, which stays (${CONFLICT.code})`

export interface LetterCounts {
  /** By the code of the first fault. */
  byReason: Map<string, number>
  /** Where they are in the file, and what is wrong with them. */
  kept: Listed<string>
  /** Older ones that left, because there are at most so many. */
  dropped: number
}

export interface EventCounts {
  accepted: number
  duplicates: number
  letters: LetterCounts
}

export interface EventImport {
  file: string
  settings: EventSettings
  deadLetterMax: number
}

interface ReadDocument {
  document: FileDocument
  read: ReadEvent
}

/** Reads the file to its end. `strict`: a document that is no event is a fault as well. @throws DataFileError */
export async function checkEvents({ file, settings }: EventImport, strict: boolean, onBytes: OnBytes): Promise<void> {
  for await (const document of readDocuments(file, onBytes)) {
    if (!strict) continue
    const read = readEvent(document, settings)
    if (!read.ok) throw new DataFileError(file, placeOf(document), faultsText(read.faults))
  }
}

/** Appends the events, batch by batch; what was refused is kept when the events beside it are in the log. */
export async function importEvents(storage: Storage, source: EventImport, onBytes: OnBytes): Promise<EventCounts> {
  const { file, settings } = source
  const letters = { byReason: new Map<string, number>(), kept: { count: 0, first: [] }, dropped: 0 }
  const counts: EventCounts = { accepted: 0, duplicates: 0, letters }
  const deadLetters = new DeadLetters(storage.documents, {
    max: source.deadLetterMax,
    onDropped: count => {
      letters.dropped += count
    },
  })
  const read = readAll(file, settings, onBytes)
  for await (const batch of inBatches(read, ({ document }) => document.text.length)) {
    const refused = await append(storage, batch, counts)
    await deadLetters.keep(refused.map(refusal => letterOf(refusal, settings)))
    for (const refusal of refused) note(letters, file, refusal)
  }
  return counts
}

async function* readAll(file: string, settings: EventSettings, onBytes: OnBytes): AsyncGenerator<ReadDocument> {
  for await (const document of readDocuments(file, onBytes)) yield { document, read: readEvent(document, settings) }
}

function readEvent(document: FileDocument, settings: EventSettings): ReadEvent {
  const read = readEventDocument(document.fields, settings)
  if (!read.ok || document.text.length <= MAX_CHARACTERS) return read
  return { ok: false, id: read.ingested.event.eventId, faults: [TOO_LARGE], plain: read.plain }
}

type Refusal = { document: FileDocument; id: string; faults: readonly [Fault, ...Fault[]]; plain: unknown }

/** Appends the events of a batch; gives back what was refused, in the order of the file. */
async function append(storage: Storage, batch: readonly ReadDocument[], counts: EventCounts): Promise<Refusal[]> {
  const events = batch.flatMap(({ read }) => (read.ok ? [read.ingested] : []))
  const outcomes = (await storage.append(events.map(toLogEntry))).values()
  const refused: Refusal[] = []
  for (const { document, read } of batch) {
    if (!read.ok) {
      refused.push({ ...read, document })
      continue
    }
    const outcome = outcomes.next().value
    if (outcome === 'accepted') counts.accepted++
    else if (outcome === 'duplicate') counts.duplicates++
    else refused.push({ document, id: read.ingested.event.eventId, faults: [CONFLICT], plain: read.plain })
  }
  return refused
}

function letterOf({ document, id, faults, plain }: Refusal, settings: EventSettings): DeadLetter {
  const { text } = document
  const event = text.length > MAX_KEPT_CHARACTERS ? cutText(text, BEGINNING) : plain
  return { id, event, faults, receivedAt: new Date(settings.now).toISOString() }
}

function note({ byReason, kept }: LetterCounts, file: string, { document, faults }: Refusal): void {
  const [{ code }] = faults
  byReason.set(code, (byReason.get(code) ?? 0) + 1)
  const text = faults[0] === CONFLICT ? CONFLICT_TEXT : faultsText(faults)
  list(kept, () => faultAt(file, placeOf(document), text))
}

function placeOf({ line, number, fields }: FileDocument) {
  return { line, document: number, id: fields._id }
}

function faultsText(faults: readonly Fault[]): string {
  return faults.slice(0, MAX_SHOWN_FAULTS).map(faultText).join('; ')
}

const faultText = ({ path, code, message }: Fault): string => `${path && `${path} `}${message} (${code})`
