/** The events of a dump: valid ones go to the log, refused ones to the dead letters, as over HTTP. */
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { toLogEntry } from '../events/event.ts'
import { type DeadLetter, DeadLetters } from '../ingestion/dead-letters.ts'
import { CONFLICT } from '../ingestion/ingestion.ts'
import type { Storage } from '../storage/storage.ts'
import { inBatches } from './batches.ts'
import { type EventSettings, type ReadEvent, readEventDocument } from './event-document.ts'
import { addFinding, DataFileError, type Findings, faultAt, noFindings } from './findings.ts'
import { type FileDocument, type OnProgress, readDocuments } from './read-documents.ts'

/**
 * A longer document is refused. Any event of 64 KiB is shorter by far in Extended JSON, and one document of a shared log in
 * MongoDB may be longer.
 */
const MAX_CHARACTERS = 2 ** 20
/** Of a longer document, a dead letter keeps the first 1,000 characters only, as over HTTP. */
const MAX_KEPT_CHARACTERS = 64 * 1024
const BEGINNING = 1_000
/** Faults of one event that are reported. */
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
  /** Where the events are in the file, and what is wrong with them. */
  kept: Findings<string>
  /** Older letters that were removed, because a store keeps `deadLetterMax` of them. */
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

/** Reads the file to its end. `strict`: a document that is no event is a fault too. @throws DataFileError */
export async function checkEvents(
  { file, settings }: EventImport,
  strict: boolean,
  onProgress: OnProgress,
): Promise<void> {
  for await (const document of readDocuments(file, onProgress)) {
    if (!strict) continue
    const read = readEvent(document, settings)
    if (!read.ok) throw new DataFileError(file, locationOf(document), faultsText(read.faults))
  }
}

/** Appends the events batch by batch; those that are refused become dead letters when the others of the batch are in the log. */
export async function importEvents(
  storage: Storage,
  source: EventImport,
  onProgress: OnProgress,
): Promise<EventCounts> {
  const { file, settings } = source
  const letters = { byReason: new Map<string, number>(), kept: noFindings<string>(), dropped: 0 }
  const counts: EventCounts = { accepted: 0, duplicates: 0, letters }
  const deadLetters = new DeadLetters(storage.documents, {
    max: source.deadLetterMax,
    onDropped: count => {
      letters.dropped += count
    },
  })
  const read = readAll(file, settings, onProgress)
  for await (const batch of inBatches(read, ({ document }) => document.text.length)) {
    const refused = await append(storage, batch, counts)
    await deadLetters.keep(refused.map(refusal => letterOf(refusal, settings)))
    for (const refusal of refused) countRefusal(letters, file, refusal)
  }
  return counts
}

async function* readAll(file: string, settings: EventSettings, onProgress: OnProgress): AsyncGenerator<ReadDocument> {
  for await (const document of readDocuments(file, onProgress)) yield { document, read: readEvent(document, settings) }
}

function readEvent(document: FileDocument, settings: EventSettings): ReadEvent {
  const read = readEventDocument(document.fields, settings)
  if (!read.ok || document.text.length <= MAX_CHARACTERS) return read
  return { ok: false, id: read.ingested.event.eventId, faults: [TOO_LARGE], plain: read.plain }
}

type Refusal = { document: FileDocument; id: string; faults: readonly [Fault, ...Fault[]]; plain: unknown }

/** Appends the events of a batch; returns the refused ones, in the order of the file. */
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

function countRefusal({ byReason, kept }: LetterCounts, file: string, { document, faults }: Refusal): void {
  const [{ code }] = faults
  byReason.set(code, (byReason.get(code) ?? 0) + 1)
  const text = faults[0] === CONFLICT ? CONFLICT_TEXT : faultsText(faults)
  addFinding(kept, () => faultAt(file, locationOf(document), text))
}

function locationOf({ line, number, fields }: FileDocument) {
  return { line, document: number, id: fields._id }
}

function faultsText(faults: readonly Fault[]): string {
  return faults.slice(0, MAX_SHOWN_FAULTS).map(faultText).join('; ')
}

const faultText = ({ path, code, message }: Fault): string => `${path && `${path} `}${message} (${code})`
