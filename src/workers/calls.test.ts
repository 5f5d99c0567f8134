import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { Caller, serve } from './calls.ts'

class Adder {
  readonly #base = 10
  aborted = 0

  add(number: number): number {
    return this.#base + number
  }

  async untilAborted(_name: string, signal: AbortSignal): Promise<string> {
    if (!signal.aborted) await once(signal, 'abort')
    this.aborted++
    return 'aborted'
  }

  unsendable(): () => void {
    return () => {}
  }
}

function connect(t: TestContext) {
  const { port1, port2 } = new MessageChannel()
  t.after(() => port1.close())
  const adder = new Adder()
  serve(port2, adder)
  return { adder, caller: new Caller<Adder>(port1) }
}

test('calls run the methods of the other side, and each gets its own answer', async t => {
  const { caller } = connect(t)
  assert.deepEqual(await Promise.all([1, 2, 3].map(number => caller.call('add', [number]))), [11, 12, 13])
})

test('a call of a function that the other side does not have is an error', async t => {
  const { caller } = connect(t)
  await assert.rejects(caller.call('subtract' as 'add', [1]), /this thread has no function subtract/)
  await assert.rejects(caller.call('aborted' as 'add', [1]), /this thread has no function aborted/)
})

test('an abort of the signal reaches the call that it belongs to, before and during the call', async t => {
  const { adder, caller } = connect(t)
  const [first, second] = [new AbortController(), new AbortController()]
  const answers = [first, second].map(({ signal }) => caller.call('untilAborted', ['a'], signal))
  assert.equal(await caller.call('add', [1]), 11)
  first.abort()
  assert.equal(await answers[0], 'aborted')
  assert.equal(adder.aborted, 1)
  second.abort()
  assert.equal(await answers[1], 'aborted')
  assert.equal(await caller.call('untilAborted', ['a'], AbortSignal.abort()), 'aborted')
})

test('an answer that cannot be sent is an error', async t => {
  const { caller } = connect(t)
  await assert.rejects(caller.call('unsendable', []), /could not be cloned/)
})

test('calls that wait, and later ones, fail once the other thread is lost', async t => {
  const { caller } = connect(t)
  const waiting = caller.call('untilAborted', ['a'], new AbortController().signal)
  caller.lose(new Error('lost'))
  await assert.rejects(waiting, /lost/)
  await assert.rejects(caller.call('add', [1]), /lost/)
})
