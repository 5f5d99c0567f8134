/** Figures that can't be used any more are opened or made again, and questions are refused meanwhile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  /** How many times figures were opened, and begun anew. */
  opened: number
  begunAnew: number
  unavailable: number
  announced: string[]
}

/** Live figures of a few events. `first` may break the figures that are opened first; `opening` runs before others open. */
async function withLive(
  given: { first: (figures: Figures) => Figures; opening?: (watched: Watched) => void },
  work: (watched: Watched) => Promise<void>,
): Promise<void> {
  await withFolder(dataDir =>
    withStorage(dataDir, async storage => {
      await storage.append(sampleEvents(EVENTS).map(toLogEntry))
      const watched = newLive(dataDir, storage, given)
      await watched.live.start()
      await watched.live.complete
      await work(watched)
      await watched.live.close()
    }),
  )
}

function newLive(
  dataDir: string,
  storage: Storage,
  { first, opening = () => {} }: Parameters<typeof withLive>[0],
): Watched {
  const location = { dataDir, mongo: null }
  const watched = { opened: 0, begunAnew: 0, unavailable: 0, announced: [] as string[] } as unknown as Watched
  watched.live = new LiveFigures({
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
    requiredSeq: () => storage.lastSeq(),
    ...noneSetAside,
    onCounted: () => {},
    onUnavailable: () => watched.unavailable++,
    announce: line => watched.announced.push(line),
  })
  return watched
}

const failing = (error: Error) => (figures: Figures) => instead(figures, { ask: () => Promise.reject(error) })

const factsOf = async ({ live }: Watched) => {
  const [row] = await live.ask(reads => reads.rows<{ n: number }>('SELECT count(*) AS n FROM checkpoint WHERE seq > 0'))
  return row!.n
}

test('makes damaged figures again, announces it, and refuses questions meanwhile', () =>
  withLive({ first: failing(new FiguresDamaged('a block is damaged')) }, async watched => {
    await assert.rejects(factsOf(watched), QuestionRefused)
    await assert.rejects(factsOf(watched), /not complete yet/)
    await until(async () => (await watched.live.status()).isComplete)
    assert.equal(await factsOf(watched), 1)
    assert.deepEqual([watched.opened, watched.begunAnew], [1, 1])
    assert.match(watched.announced.join('\n'), /are made again from the event log .*a block is damaged/)
  }))

test('opens figures again that the engine has given up, as soon as the disk has space', () => {
  const opening = (watched: Watched) => {
    if (watched.opened < 4) throw new StoreUnavailable('the disk is full')
  }
  return withLive({ first: failing(new FiguresInvalidated('the disk is full')), opening }, async watched => {
    await assert.rejects(factsOf(watched), QuestionRefused)
    await until(async () => (await watched.live.status()).isComplete)
    assert.equal(await factsOf(watched), 1)
    assert.deepEqual([watched.opened, watched.begunAnew, watched.unavailable], [4, 0, 2])
  })
})

test('closes while the disk has no space to open figures again', () => {
  const opening = () => {
    throw new StoreUnavailable('the disk is full')
  }
  return withLive({ first: failing(new FiguresInvalidated('the disk is full')), opening }, async watched => {
    await assert.rejects(factsOf(watched), QuestionRefused)
    await until(() => watched.unavailable > 0)
  })
})
