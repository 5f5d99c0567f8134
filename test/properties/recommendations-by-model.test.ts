/** Lists by models from a real store: what is never in them, what always holds, and that only the events decide. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type IngestedEvent, toLogEntry } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { ITEM_KINDS, type ItemKind } from '../../src/recommendations/item-kind.ts'
import { rowsByModel } from '../../src/recommendations/list-rows.ts'
import { recommendItems } from '../../src/recommendations/lists/recommend-items.ts'
import type { ServedModels } from '../../src/recommendations/lists/served-models.ts'
import { mulberry32 } from '../../src/recommendations/mulberry32.ts'
import type { Recommendation } from '../../src/recommendations/recommendation.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { LISTENERS, platformEvents } from '../support/listening-platform.ts'
import { modelsOf } from '../support/models-of-figures.ts'
import { Naive } from '../support/naive.ts'
import { type NaiveEvent, naiveCredits } from '../support/naive-rules.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { withEvents } from '../support/query-store.ts'

interface Asked {
  kind: ItemKind
  userId: string
  limit: number
}

async function listFor(figures: Figures, models: ServedModels, asked: Asked): Promise<Recommendation[]> {
  const question = { ...asked, isExploring: true, diversity: 0, except: [] }
  return rowsByModel(await figures.ask(reads => recommendItems(reads, models.of(asked.kind)!, question)))
}

const bare = (thing: string): string => thing.slice(thing.indexOf(':') + 1)

/** The items of a kind of which a listener has bought, liked, followed, or played more than three times something that was not undone. */
function owned(events: readonly NaiveEvent[], naive: Naive, userId: string, kind: ItemKind): Set<string> {
  const counts = new Map<string, number>()
  const add = (item: string, { measure, by }: NaiveEvent) =>
    counts.set(`${measure} ${item}`, (counts.get(`${measure} ${item}`) ?? 0) + by)
  for (const event of events.filter(({ listener, counted }) => listener === userId && counted)) {
    if (kind === 'artist') for (const owner of ownersOf(event, naive)) add(owner, event)
    else for (const item of releasesOf(event, kind)) add(item, event)
  }
  const has = [...counts].filter(([key, count]) => count > (key.startsWith('plays') ? 3 : 0))
  return new Set(has.map(([key]) => bare(key.slice(key.indexOf(' ') + 1))))
}

const ownersOf = ({ credits }: NaiveEvent, naive: Naive): string[] =>
  credits.map(({ key }) => naive.owner(key)).filter(owner => owner.startsWith('artist:'))

/** A line of an order has an album of its own. */
function releasesOf({ measure, credits, track, album }: NaiveEvent, kind: 'album' | 'track'): string[] {
  if (kind === 'track') return track === undefined ? [] : [track]
  const albums = measure === 'purchases' ? credits.filter(({ part }) => part === 0).map(line => line.album) : [album]
  return albums.filter(id => id !== undefined)
}

test('nothing that a listener has is recommended while events arrive, whatever the model was trained from', async () => {
  const events = platformEvents(7, 2_000)
  const begin = events.slice(0, 1_000)
  await withEvents(begin, 2, async (figures, storage) => {
    const models = await modelsOf(figures)
    for (let end = begin.length; end <= events.length; end += 200) {
      const arrived: IngestedEvent[] = events.slice(0, end)
      const credited = arrived.map(naiveCredits)
      const naive = new Naive(arrived, new Map())
      for (const userId of LISTENERS.slice(0, 4)) {
        const albums = [
          ...owned(
            credited.filter(({ measure }) => measure === 'purchases'),
            naive,
            userId,
            'album',
          ),
        ]
        for (const kind of ITEM_KINDS) {
          const has = owned(credited, naive, userId, kind)
          for (const { id } of await listFor(figures, models, { kind, userId, limit: 100 })) {
            assert.ok(!has.has(id), `${userId} has ${kind} ${id} after ${end} events`)
            if (kind === 'track') assert.ok(!albums.some(album => id.startsWith(`${album}_`)), `${userId} bought ${id}`)
          }
        }
      }
      await storage.append(events.slice(end, end + 200).map(toLogEntry))
      await catchUp(storage, figures, noneSetAside)
    }
  })
})

test('after 10,000 events that do and undo, lists are those after a rebuild in another order, and keep all rules', async () => {
  const events = platformEvents(11, 10_000)
  const random = mulberry32(3)
  const shuffled = events
    .map(event => ({ event, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event)
  const lists: Recommendation[][][] = []
  const ask = async (figures: Figures) => {
    const models = await modelsOf(figures)
    const all: Recommendation[][] = []
    for (const kind of ITEM_KINDS) {
      for (const userId of LISTENERS) {
        const list = await listFor(figures, models, { kind, userId, limit: 40 })
        checkRules(list, models, kind)
        const short = await listFor(figures, models, { kind, userId, limit: 17 })
        assert.deepEqual(short, list.slice(0, 17))
        all.push(list)
      }
    }
    lists.push(all)
  }
  await withEvents(events, 10, ask)
  await withEvents(shuffled, 1, ask)
  assert.deepEqual(lists[1], lists[0])
})

function checkRules(list: readonly Recommendation[], models: ServedModels, kind: ItemKind): void {
  const { model, numberOf } = models.of(kind)!
  assert.ok(list.length > 0)
  for (const { strategy, score, because } of list) {
    const shares = because.reduce((sum, { share }) => sum + share, 0)
    assert.ok(Math.abs(shares - (strategy === 'popular' ? 0 : score)) < 1e-6)
  }
  const first = list.slice(0, 20)
  if (first.some(({ strategy }) => strategy === 'popular')) return
  const small = first.map(({ id }) => numberOf.get(id)!).filter(item => model.isMostPlayed[item] === 0)
  assert.ok(new Set(small.map(item => model.artists[item])).size >= 3)
}
