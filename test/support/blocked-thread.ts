/** A thread that answers until `block` is called: it waits inside that call then, and does nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import { serve } from '../../src/workers/calls.ts'

/** An `Int32Array` of one: `block` waits while it is 0. */
const { gate } = workerData as { gate: Int32Array }

const functions = {
  status: () => 'here',
  block(): void {
    Atomics.wait(gate, 0, 0)
  },
}

export type BlockedThread = typeof functions

serve(parentPort!, functions)
