/** Models of recommendations that instances on one MongoDB share. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openStorage } from '../../src/opening/open-storage.ts'
import { COLLECTIONS, RECOMMENDATION_MODELS } from '../../src/storage/collections.ts'
import { type MongoServer, SERVERS } from '../mongo-servers/servers.ts'
import { ServiceProcess } from '../support/service-process.ts'
import { withFolder } from '../support/store-folder.ts'
import { modelWhen, sendAll, TRAINING, tastefulPlays } from '../support/trained-models.ts'

const [choice] = SERVERS
const describeOnMongo = choice ? describe : () => {}

describeOnMongo('of instances that share a log', () => {
  let server: MongoServer
  let databases = 0
  before(async () => {
    server = await choice!.start()
  })
  after(() => server.remove())

  const sharedEnv = () => ({ ...TRAINING, MONGO_URI: server.uri, DB_NAME: `models_${process.pid}_${++databases}` })
  const isThere = ({ version }: { version: string | null }) => version !== null

  async function groupsOf(env: ReturnType<typeof sharedEnv>, dataDir: string): Promise<string[]> {
    const storage = await openStorage({ dataDir, mongo: { uri: env.MONGO_URI, database: env.DB_NAME } }, COLLECTIONS)
    const groups = await storage.documents.counts(RECOMMENDATION_MODELS)
    await storage.close()
    return [...groups.keys()]
  }

  it('one trains, all answer with the same version, and one that comes later does too', () =>
    withFolder(a =>
      withFolder(b =>
        withFolder(c =>
          withFolder(async own => {
            const env = sharedEnv()
            const first = await ServiceProcess.start({ dataDir: a, env })
            const second = await ServiceProcess.start({ dataDir: b, env })
            await sendAll(first.url, tastefulPlays())
            const models = await Promise.all([modelWhen(first.url, isThere), modelWhen(second.url, isThere)])
            assert.deepEqual([models[1].version, models[1].trainedAt], [models[0].version, models[0].trainedAt])
            const evaluated = await Promise.all(
              [first, second].map(({ url }) => modelWhen(url, ({ evaluation }) => evaluation !== null)),
            )
            assert.deepEqual(evaluated[1]?.evaluation, evaluated[0]?.evaluation)
            const third = await ServiceProcess.start({
              dataDir: c,
              env: { ...env, RECOMMENDATION_TRAINING_HOURS: 'off' },
            })
            assert.equal((await modelWhen(third.url, isThere)).trainedAt, models[0].trainedAt)
            for (const service of [first, second, third]) await service.end('SIGTERM')
            assert.equal((await groupsOf(env, own)).length, 2, 'the head, and the parts of one file')
          }),
        ),
      ),
    ))

  it('one that is killed while it trains or publishes leaves it to another, and nothing of it stays', () =>
    withFolder(a =>
      withFolder(b =>
        withFolder(async own => {
          const env = sharedEnv()
          const first = await ServiceProcess.start({ dataDir: a, env })
          await sendAll(first.url, tastefulPlays())
          await modelWhen(first.url, ({ training, version }) => training.state === 'training' || version !== null)
          await wait(Math.random() * 1_000)
          await first.end('SIGKILL')
          const second = await ServiceProcess.start({ dataDir: b, env })
          const { version } = await modelWhen(second.url, isThere)
          const again = await ServiceProcess.start({ dataDir: a, env })
          assert.equal((await modelWhen(again.url, isThere)).version, version)
          for (const service of [second, again]) await service.end('SIGTERM')
          assert.equal((await groupsOf(env, own)).length, 2, 'the head, and the parts of one file')
        }),
      ),
    ))
})
