/** The thread of the figures worker. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { openReader } from '../opening/open-storage.ts'
import { Caller, serve } from './calls.ts'
import { FiguresWorker, type FiguresWorkerOptions, type FiguresWorkerOwner } from './figures-worker.ts'
import type { WriterForFigures } from './write-worker.ts'

export interface FiguresWorkerData extends Omit<FiguresWorkerOptions, 'writer' | 'owner'> {
  writerPort: MessagePort
}

const { writerPort, ...settings } = workerData as FiguresWorkerData
const owner = new Caller<FiguresWorkerOwner>(parentPort!)
const writer = new Caller<WriterForFigures>(writerPort)
const worker = new FiguresWorker(openReader(settings.location), {
  ...settings,
  writer: {
    lastSeqOfAll: () => writer.call('lastSeqOfAll', []),
    onCounted: seq => void writer.call('onCounted', [seq]),
    onFiguresUnavailable: () => void writer.call('onFiguresUnavailable', []),
    keepSetAside: found => writer.call('keepSetAside', [found]),
  },
  owner: {
    onCounted: () => void owner.call('onCounted', []),
    announce: line => void owner.call('announce', [line]),
  },
})
serve(parentPort!, worker)
serve(writerPort, worker.forWriter)
