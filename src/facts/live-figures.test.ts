/** What becomes of questions and of the figures themselves where these can't be gone on with. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sampleEvents } from '../../test/support/arrived-events.ts'
import { until } from '../../test/support/http.ts'
import { instead } from '../../test/support/instead.ts'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { withFolder, withStorage } from '../../test/support/store-folder.ts'
import { SMALL } from '../../test/support/temp-store.ts'
import { toLogEntry } from '../events/event.ts'
import { beginAnew, openFigures } from '../opening/open-figures.ts'
import { type Figures, FiguresDamaged, FiguresInvalidated, QuestionRefused } from '../storage/figures.ts'
import { type Storage, StoreUnavailable } from '../storage/storage.ts'
import { LiveFigures } from './live-figures.ts'

const EVENTS = 20

interface Watched {
  live: LiveFigures
  /** How often figures were opened, and begun anew. */
  opened: number
  begunAnew: number
  held: number
  announced: string[]
}

/** Live figures of a few events; what `break` makes of the first ones is what they are, `opening` runs before others open. */
async function withLive(
  given: { first: (figures: Figures) => Figures; opening?: (watched: Watched) => void },
  work: (watched: Watched) => Promise<void>,
): Promise<void> {
  await withFolder(dataDir =>
    withStorage(dataDir, async storage => {
      await storage.append(sampleEvents(EVENTS).map(toLogEntry))
      const watched = await openLive(dataDir, storage, given)
      await watched.live.start()
      await watched.live.complete
      await work(watched)
      await watched.live.close()
    }),
  )
}

async function openLive(
  dataDir: string,
  storage: Storage,
  { first, opening = () => {} }: Parameters<typeof withLive>[0],
): Promise<Watched> {
  const location = { dataDir, mongo: null }
  const watched = { opened: 0, begunAnew: 0, held: 0, announced: [] as string[] } as unknown as Watched
  watched.live = await LiveFigures.open({
    async open() {
      if (++watched.opened === 1) return first(await openFigures(location, SMALL, storage))
      opening(watched)
      return openFigures(location, SMALL, storage)
    },
    beginAnew() {
      watched.begunAnew++
      return beginAnew(location, SMALL, storage)
    },
    log: storage,
    goal: () => storage.lastSeq(),
    ...noneSetAside,
    onCounted: () => {},
    onHeld: () => watched.held++,
    announce: line => watched.announced.push(line),
  })
  return watched
}

const failing = (error: Error) => (figures: Figures) => instead(figures, { ask: () => Promise.reject(error) })

const factsOf = async ({ live }: Watched) => {
  const [row] = await live.ask(reads => reads.rows<{ n: number }>('SELECT count(*) AS n FROM checkpoint WHERE seq > 0'))
  return row!.n
}

it('makes damaged figures again, says so, and refuses questions meanwhile', () =>
  withLive({ first: failing(new FiguresDamaged('a block is damaged')) }, async watched => {
    await assert.rejects(factsOf(watched), QuestionRefused)
    await assert.rejects(factsOf(watched), /not complete yet/)
    await until(async () => (await watched.live.status()).isComplete)
    assert.equal(await factsOf(watched), 1)
    assert.deepEqual([watched.opened, watched.begunAnew], [1, 1])
    assert.match(watched.announced.join('\n'), /are made again from the event log .*a block is damaged/)
  }))

it('opens figures again that the engine has given up, as soon as there is room', () => {
  const opening = (watched: Watched) => {
    if (watched.opened < 4) throw new StoreUnavailable('no room')
  }
  return withLive({ first: failing(new FiguresInvalidated('no room')), opening }, async watched => {
    await assert.rejects(factsOf(watched), QuestionRefused)
    await until(async () => (await watched.live.status()).isComplete)
    assert.equal(await factsOf(watched), 1)
    assert.deepEqual([watched.opened, watched.begunAnew, watched.held], [4, 0, 2])
  })
})

it('ends while there is no room to open them', () => {
  const opening = () => {
    throw new StoreUnavailable('no room')
  }
  return withLive({ first: failing(new FiguresInvalidated('no room')), opening }, async watched => {
    await assert.rejects(factsOf(watched), QuestionRefused)
    await until(() => watched.held > 0)
  })
})
