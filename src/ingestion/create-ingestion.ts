/** Wires the ingestion: the queue before the write thread, and the dead letters beside it. */
import { randomUUIDv7 } from 'node:crypto'
import type { Config } from '../settings/config.ts'
import type { Documents, EventLog, Instant } from '../storage/storage.ts'
import { DeadLetters } from './dead-letters.ts'
import { Ingestion } from './ingestion.ts'
import { IngestionQueue } from './ingestion-queue.ts'

interface IngestionOptions {
  writer: Pick<EventLog, 'append'>
  documents: Documents
  /** Gets how many dead letters were removed because there were more than the settings allow. */
  onLettersDropped: (count: number) => void
  clock: () => Instant
}

export function createIngestion(
  config: Pick<Config, 'deadLetterMax' | 'defaultCurrency' | 'playMinMs'>,
  { writer, documents, onLettersDropped, clock }: IngestionOptions,
): { ingestion: Ingestion; queue: IngestionQueue; deadLetters: DeadLetters } {
  const queue = new IngestionQueue(entries => writer.append(entries))
  const deadLetters = new DeadLetters(documents, { max: config.deadLetterMax, onDropped: onLettersDropped })
  const ingestion = new Ingestion({
    append: entries => queue.append(entries),
    deadLetters,
    clock,
    newId: randomUUIDv7,
    settings: { defaultCurrency: config.defaultCurrency, playMinSeconds: config.playMinMs / 1000 },
  })
  return { ingestion, queue, deadLetters }
}
