/** The thread of the write worker. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { openStorage, type StoreLocation } from '../opening/open-storage.ts'
import { COLLECTIONS } from '../storage/collections.ts'
import { Caller, serve } from './calls.ts'
import { type FiguresForWriter, WriteWorker, type WriteWorkerOwner } from './write-worker.ts'

export interface WriteWorkerData extends StoreLocation {
  deadLetterMax: number
  figuresPort: MessagePort
}

const { deadLetterMax, figuresPort, ...location } = workerData as WriteWorkerData
const storage = await openStorage(location, COLLECTIONS)
const owner = new Caller<WriteWorkerOwner>(parentPort!)
const figures = new Caller<FiguresForWriter>(figuresPort)
const worker = new WriteWorker(storage, {
  deadLetterMax,
  figures: {
    onAppended: lastSeq => void figures.call('onAppended', [lastSeq]),
    onRecordsChanged: () => void figures.call('onRecordsChanged', []),
  },
  owner: { onLettersDropped: count => void owner.call('onLettersDropped', [count]) },
})
serve(parentPort!, worker)
serve(figuresPort, worker.forFigures)
await worker.start()
