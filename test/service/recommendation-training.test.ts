/** Models as a running service makes them, keeps them and answers with them. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ServiceProcess } from '../support/service-process.ts'
import { withFolder } from '../support/store-folder.ts'
import { modelOf, modelWhen, sendAll, TRAINING, tastefulPlays } from '../support/trained-models.ts'

test('a model is trained of a thousand events, is there again after a restart, and one that is damaged is trained anew', () =>
  withFolder(async dataDir => {
    const first = await ServiceProcess.start({ dataDir, env: TRAINING })
    assert.equal((await modelOf(first.url)).version, null)
    await sendAll(first.url, tastefulPlays())
    const trained = await modelWhen(first.url, ({ version }) => version !== null)
    assert.equal(trained.seq, 1_200)
    assert.deepEqual(
      trained.kinds.map(({ kind, listeners, items }) => [kind, listeners, items]),
      [['artist', 120, 40]],
    )
    assert.equal(trained.training.state, 'idle')
    const { evaluation } = await modelWhen(first.url, ({ evaluation }) => evaluation !== null)
    assert.equal(evaluation?.version, trained.version)
    await first.end('SIGTERM')

    const second = await ServiceProcess.start({ dataDir, env: TRAINING })
    const { version, trainedAt } = await modelOf(second.url)
    assert.deepEqual([version, trainedAt], [trained.version, trained.trainedAt])
    await second.end('SIGTERM')

    await writeFile(join(dataDir, 'recommendations', 'models.arrays'), 'no model')
    const lines: string[] = []
    const third = await ServiceProcess.start({ dataDir, env: TRAINING, onLine: line => lines.push(line) })
    assert.ok(lines.some(line => line.includes("can't be used, and are trained anew")))
    const again = await modelWhen(third.url, ({ version }) => version !== null)
    assert.equal(again.version, trained.version, 'the same events give the same version')
    await third.end('SIGTERM')
  }))
