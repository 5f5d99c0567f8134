import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Lag } from './lag.ts'

describe('lag', () => {
  it('is what the log has and the figures have not, and since when', () => {
    let now = 1_000
    const lag = new Lag(() => now)
    lag.counted(5)
    assert.deepEqual([lag.events, lag.ms], [0, 0])
    lag.appended(9)
    now += 70
    assert.deepEqual([lag.events, lag.ms], [4, 70])
    lag.counted(9)
    assert.deepEqual([lag.events, lag.ms], [0, 0])
  })

  it('lets nobody wait while the projector is close', async () => {
    const lag = new Lag(() => performance.now())
    lag.appended(30_000)
    await lag.room()
  })

  it('lets appends wait while it is far behind, until it comes closer or fails', async () => {
    const lag = new Lag(() => performance.now())
    lag.appended(30_001)
    const went: string[] = []
    const closer = lag.room().then(() => went.push('closer'))
    await new Promise(setImmediate)
    assert.equal(went.length, 0)
    lag.counted(20_000)
    await closer
    lag.appended(60_000)
    const released = lag.room().then(() => went.push('released'))
    lag.release()
    await released
    assert.deepEqual(went, ['closer', 'released'])
  })
})
