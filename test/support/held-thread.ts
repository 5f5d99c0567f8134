/** A thread that answers until `hold` is called: it waits inside that call then, and does nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import { serve } from '../../src/workers/calls.ts'

/** An `Int32Array` of one: `hold` waits while it is 0. */
const { gate } = workerData as { gate: Int32Array }

const functions = {
  status: () => 'here',
  hold(): void {
    Atomics.wait(gate, 0, 0)
  },
}

export type HeldThread = typeof functions

serve(parentPort!, functions)
