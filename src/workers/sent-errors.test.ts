import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import * as errors from '../errors.ts'
import { ServiceError } from '../errors.ts'
import * as figures from '../storage/figures.ts'
import * as storage from '../storage/storage.ts'
import { StoreDamaged, StoreUnavailable } from '../storage/storage.ts'
import { Caller, serve } from './calls.ts'

type ErrorClass = new (message: string) => Error

/** All classes of errors that the service and its stores declare. */
const CLASSES = [errors, figures, storage]
  .flatMap(module => Object.values(module) as unknown[])
  .filter((value): value is ErrorClass => typeof value === 'function' && value.prototype instanceof Error)

const FAULTS = [{ path: 'eventId', code: 'required', message: 'is missing' }] as const

const EXAMPLES: Error[] = [
  ...CLASSES.filter(kind => kind !== (ServiceError as unknown)).map(kind => new kind('reason')),
  new ServiceError(400, 'required', 'eventId: is missing', { faults: FAULTS }),
  new ServiceError(503, 'unavailable', 'try again', { retryAfter: 7 }),
]

interface Thrower {
  fail(i: number): never
}

/** Both ends of a channel, each of which offers `fail`. */
function connect(t: TestContext): Caller<Thrower>[] {
  const { port1, port2 } = new MessageChannel()
  t.after(() => port1.close())
  for (const port of [port1, port2]) {
    serve(port, {
      fail(i: number): never {
        throw EXAMPLES[i]
      },
    })
  }
  return [new Caller<Thrower>(port1), new Caller<Thrower>(port2)]
}

test('every error class arrives with its class, message, stack and fields, in both directions', async t => {
  const callers = connect(t)
  assert.ok(CLASSES.length >= 12)
  for (const [i, sent] of EXAMPLES.entries()) {
    for (const caller of callers) {
      const arrived = await caller.call('fail', [i]).catch((error: unknown) => error)
      assert.notEqual(arrived, sent)
      assert.deepEqual(arrived, sent)
      assert.ok(arrived instanceof Error)
      assert.equal(arrived.constructor, sent.constructor)
      assert.equal(arrived.stack, sent.stack)
    }
  }
})

test('a damaged store arrives as one, with what is damaged, and is unavailable too', async t => {
  const [caller] = connect(t)
  const arrived = await caller!.call('fail', [EXAMPLES.findIndex(error => error instanceof StoreDamaged)]).catch(e => e)
  assert.ok(arrived instanceof StoreDamaged && arrived instanceof StoreUnavailable)
  assert.equal(arrived.what, 'reason')
})
