import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { StatementGate } from './statement-gate.ts'

test('a commit waits for the statements that run, and statements that come wait for it', async () => {
  const gate = new StatementGate()
  const order: string[] = []
  const statement = (name: string, ms: number) =>
    gate.statement(async () => {
      order.push(`${name} begins`)
      await wait(ms)
      order.push(`${name} ends`)
    })
  const commit = () =>
    gate.commit(async () => {
      order.push('commit begins')
      await wait(20)
      order.push('commit ends')
    })
  await Promise.all([statement('first', 20), statement('second', 5), commit(), statement('third', 0)])
  assert.deepEqual(order, [
    'first begins',
    'second begins',
    'second ends',
    'first ends',
    'commit begins',
    'commit ends',
    'third begins',
    'third ends',
  ])
})

test('statements go on after a commit that failed, and a statement that failed holds up no commit', async () => {
  const gate = new StatementGate()
  const fail = async () => {
    throw new Error('full')
  }
  await assert.rejects(gate.commit(fail), /full/)
  await assert.rejects(gate.statement(fail), /full/)
  await gate.commit(async () => {})
  assert.equal(await gate.statement(async () => 7), 7)
})
