/** What two instances on one MongoDB share beside the events: dead letters, alerts and their mails, what the catalogue said, look-ups. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startContentService } from '../../dev/content-service/server.ts'
import { writeRecords } from '../../src/catalogue/catalogue-record.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { openFigures } from '../../src/opening/open-figures.ts'
import { openStorage } from '../../src/opening/open-storage.ts'
import { COLLECTIONS } from '../../src/storage/collections.ts'
import { type MongoServer, SERVERS } from '../mongo-servers/servers.ts'
import { json, PLAY, post, postBatch, postEvent, problem, until } from '../support/http.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { ref } from '../support/ref.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'
import { startSmtpServer } from '../support/smtp-server.ts'
import { type StartedApp, startApp } from '../support/start-app.ts'
import { tamper } from '../support/store-folder.ts'
import { SMALL } from '../support/temp-store.ts'

const [choice] = SERVERS
const describeOnMongo = choice ? describe : () => {}

describeOnMongo('two instances share', () => {
  let server: MongoServer
  let databases = 0
  before(async () => {
    server = await choice!.start()
  })
  after(() => server.remove())

  async function startTwo(t: TestContext, env: NodeJS.ProcessEnv = {}): Promise<[StartedApp, StartedApp]> {
    const shared = { MONGO_URI: server.uri, DB_NAME: `shared_${process.pid}_${++databases}`, ...env }
    return [await startApp(t, shared), await startApp(t, shared)]
  }

  const playsOf = async ({ url }: { url: string }, artist: string) =>
    (await json<{ plays: number }>(await fetch(`${url}/api/stats/artist/${artist}/kpis`))).plays

  it('events: what one of them has is a duplicate to the other at once, and soon in its figures', async t => {
    const [a, b] = await startTwo(t)
    assert.equal((await postEvent(a.url, { ...PLAY, eventId: 'e1' })).status, 202)
    assert.equal((await json(await postEvent(b.url, { ...PLAY, eventId: 'e1' }), 202)).duplicate, true)
    await problem(await postEvent(b.url, { ...PLAY, eventId: 'e1', userId: 'other' }), 409, 'event_conflict')
    for (const app of [a, b]) await until(async () => (await playsOf(app, '4')) === 1)
  })

  it('an event that neither can count, as a log of before may hold one: it is set aside once', async t => {
    const database = `shared_${process.pid}_${++databases}`
    const dataDir = await temporaryFolder(t)
    const storage = await openStorage({ dataDir, mongo: { uri: server.uri, database } }, COLLECTIONS)
    const content = JSON.stringify(['track.played', '1', 'track', 'u1', 0, { artistId: '4' }])
    const at = { far: Date.UTC(9999, 11, 31), near: Date.UTC(2026, 10, 24) }
    await storage.append(Object.entries(at).map(([id, timestamp]) => ({ id, timestamp, content, decision: '' })))
    await storage.close()
    const shared = { MONGO_URI: server.uri, DB_NAME: database }
    for (const { url } of [await startApp(t, shared), await startApp(t, shared)]) {
      await until(async () => (await playsOf({ url }, '4')) === 1)
      const summary = await json(await fetch(`${url}/api/stats/dead-letters/summary`))
      assert.deepEqual(summary, { total: 1, byReason: { unprojectable: 1 } })
    }
  })

  it('a log that one has is counted from its beginning while the database is away', async t => {
    const own = await choice!.start()
    t.after(() => own.remove())
    const mongo = { uri: own.uri, database: `own_${process.pid}` }
    const location = { dataDir: await temporaryFolder(t), mongo }
    const storage = await openStorage(location, COLLECTIONS)
    t.after(() => storage.close())
    const figures = await openFigures(location, SMALL, storage)
    t.after(() => figures.close())
    const content = JSON.stringify(['track.played', '1', 'track', 'u1', 0, { artistId: '4' }])
    await storage.append([{ id: 'e1', timestamp: 0, content, decision: '' }])
    await own.stop()
    assert.equal(await catchUp(storage, figures, noneSetAside), 1)
    assert.deepEqual(await figures.ask(reads => reads.checkpoint()), { seq: 1, eventId: 'e1' })
  })

  it('dead letters: kept by one, replayed by the other, once', async t => {
    const [a, b] = await startTwo(t)
    await postBatch(a.url, [{ ...PLAY, eventId: 'd1', entityId: null }])
    const letters = `${b.url}/api/stats/dead-letters`
    assert.deepEqual((await json(await fetch(`${letters}/summary`))).total, 1)
    const replayed = await json(await post(`${letters}/replay`, { id: 'd1', event: PLAY }))
    assert.equal(replayed.accepted, 1)
    assert.deepEqual((await json(await fetch(`${a.url}/api/stats/dead-letters/summary`))).total, 0)
    await until(async () => (await playsOf(a, '4')) === 1)
  })

  it('alerts: of all that are asked for at once, one is sent, and both cool down', async t => {
    const smtp = await startSmtpServer({ startTls: false, login: false })
    const [a, b] = await startTwo(t, { SMTP_HOST: smtp.config.host, SMTP_PORT: String(smtp.config.port) })
    const now = new Date().toISOString()
    await postBatch(
      a.url,
      Array.from({ length: 3 }, (_, i) => ({ ...PLAY, eventId: `p${i}`, timestamp: now })),
    )
    for (const app of [a, b]) await until(async () => (await playsOf(app, '4')) === 3)
    const asked = { artistId: '4', thresholds: { plays: 3 }, notifyEmail: 'ana@example.com' }
    const answers = await Promise.all(
      [a, b, a, b].map(async ({ url }) => json(await post(`${url}/api/stats/alerts`, asked))),
    )
    assert.equal(answers.filter(({ triggered }) => triggered).length, 1)
    assert.equal(answers.filter(({ reason }) => reason === 'cooldown').length, 3)
    await until(() => smtp.accepted.length > 0)
    await wait(500)
    assert.equal(smtp.accepted.length, 1)
    for (const { url } of [a, b]) {
      const [alert, ...others] = await json<{ status: string }[]>(await fetch(`${url}/api/stats/alerts/history`))
      assert.deepEqual([alert?.status, others], ['sent', []])
    }
  })

  it('the cooldown of an artist, whichever spelling each of them is asked for', async t => {
    const smtp = await startSmtpServer({ startTls: false, login: false })
    const apps = await startTwo(t, { SMTP_HOST: smtp.config.host, SMTP_PORT: String(smtp.config.port) })
    const spellings = ['Ñandú Eléctrico', 'ñandú eléctrico', ' ÑANDÚ ELÉCTRICO ']
    const asked = { thresholds: { plays: 0 }, notifyEmail: 'ana@example.com' }
    const answers = await Promise.all(
      apps.flatMap(({ url }) =>
        spellings.map(async artistId => json(await post(`${url}/api/stats/alerts`, { ...asked, artistId }))),
      ),
    )
    assert.equal(answers.filter(({ triggered }) => triggered).length, 1)
    assert.equal(answers.filter(({ reason }) => reason === 'cooldown').length, 5)
    for (const { url } of apps) {
      const history = `${url}/api/stats/alerts/history?artistId=${encodeURIComponent(spellings[1]!)}`
      await until(async () => (await json<{ status: string }[]>(await fetch(history)))[0]?.status === 'sent')
    }
    assert.equal(smtp.accepted.length, 1)
  })

  it('facts: where both count everything again, each finds by name what the catalogue taught before', async t => {
    const database = `shared_${process.pid}_facts`
    const env = { MONGO_URI: server.uri, DB_NAME: database }
    const folders = [await temporaryFolder(t), await temporaryFolder(t)]
    const startBoth = () => Promise.all(folders.map(dataDir => startService(t, { dataDir, env })))
    const before = await startBoth()
    const mongo = { uri: server.uri, database }
    const teacher = await openStorage({ dataDir: await temporaryFolder(t), mongo }, COLLECTIONS)
    const fact = { kind: 'artist' as const, at: 0, name: 'Straßenkatzen', genre: null }
    await writeRecords(teacher.documents, [[ref('artist:4'), fact]])
    await teacher.close()
    await postEvent(before[0]!.url, { ...PLAY, eventId: 'f1', metadata: { artist: 'STRASSENKATZEN' } })
    for (const { url } of before) await until(async () => (await playsOf({ url }, '4')) === 1)
    for (const service of before) await service.end('SIGTERM')

    // As if they were those of another version.
    for (const dataDir of folders) await tamper(join(dataDir, 'replica'), 'UPDATE checkpoint SET format = 0')
    for (const { url } of await startBoth()) assert.equal(await playsOf({ url }, '4'), 1)
  })

  it('look-ups: one asks the catalogue, both know the answer; when it leaves, the other asks', async t => {
    const content = await startContentService({ requestsPerMinute: null })
    t.after(() => content.close())
    const env = { CONTENT_SERVICE_URL: content.url, CONTENT_LOOKUPS_PER_MINUTE: '100000' }
    const database = { MONGO_URI: server.uri, DB_NAME: `shared_${process.pid}_look_ups` }
    const start = async () => startService(t, { dataDir: await temporaryFolder(t), env: { ...env, ...database } })
    const [a, b] = [await start(), await start()]
    const albums = content.catalogue.albums.filter(({ artistId }) => artistId === 4).map(({ id }) => id)
    const play = (albumId: string, eventId: string) => ({ ...PLAY, eventId, metadata: { albumId } })
    await postEvent(b.url, play(albums[0]!, 'l1'))
    for (const app of [a, b]) await until(async () => (await playsOf(app, '4')) === 1)
    const askedFor = (id: string) => content.requests.filter(({ path }) => path.includes(id)).length
    assert.equal(askedFor(albums[0]!), 1)

    assert.deepEqual(await a.end('SIGTERM'), { code: 0, signal: null })
    await postEvent(b.url, play(albums[1]!, 'l2'))
    await until(async () => (await playsOf(b, '4')) === 2)
    assert.equal(askedFor(albums[1]!), 1)
  })
})
