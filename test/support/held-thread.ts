/** A thread that answers, until it is held: it waits inside one call then, and does nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import { connect } from '../../src/workers/remote.ts'

/** An `Int32Array` of one; held while it is 0. */
const { gate } = workerData as { gate: Int32Array }

const functions = {
  status: () => 'here',
  hold(): void {
    Atomics.wait(gate, 0, 0)
  },
}

export type HeldThread = typeof functions

connect(parentPort!, functions)
