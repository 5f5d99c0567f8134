/** The write worker as other threads call it. */
import type { AppendOutcome, Documents, EventLog, LogEntry } from '../storage/storage.ts'
import type { Caller } from './calls.ts'
import { toColumns } from './entry-columns.ts'
import type { WriteWorker } from './write-worker.ts'

export class WriteWorkerClient implements Documents, Pick<EventLog, 'append'> {
  readonly #worker: Caller<WriteWorker>

  constructor(worker: Caller<WriteWorker>) {
    this.#worker = worker
  }

  append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    return this.#worker.call('append', [toColumns(entries)])
  }

  loggedAs(id: string) {
    return this.#worker.call('loggedAs', [id])
  }

  status() {
    return this.#worker.call('status', [])
  }

  put(...args: Parameters<Documents['put']>) {
    return this.#worker.call('put', args)
  }

  add(...args: Parameters<Documents['add']>) {
    return this.#worker.call('add', args)
  }

  swap(...args: Parameters<Documents['swap']>) {
    return this.#worker.call('swap', args)
  }

  get(...args: Parameters<Documents['get']>) {
    return this.#worker.call('get', args)
  }

  list(...args: Parameters<Documents['list']>) {
    return this.#worker.call('list', args)
  }

  counts(...args: Parameters<Documents['counts']>) {
    return this.#worker.call('counts', args)
  }

  remove(...args: Parameters<Documents['remove']>) {
    return this.#worker.call('remove', args)
  }

  close() {
    return this.#worker.call('close', [])
  }
}
