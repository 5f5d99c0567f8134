/** The search, whose index follows events and records in several steps, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { writeRecords } from '../../src/catalogue/catalogue-record.ts'
import { toLogEntry } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { IndexFile, SEARCH_KINDS } from '../../src/search/index-file.ts'
import { type SearchQuestion, search } from '../../src/search/search.ts'
import { SearchIndex } from '../../src/search/search-index.ts'
import type { Figures } from '../../src/storage/figures.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { naiveSearch } from '../support/naive-search.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { withEvents } from '../support/query-store.ts'
import { catalogueFacts, randomEvents } from '../support/random-events.ts'
import { ref } from '../support/ref.ts'

const TEXTS = [
  ...['DJ Beats', 'beats', 'baets', 'Ana', 'Ambar', 'ámbra', 'strasse', 'Straße', 'a', 'dj', '10', '9'],
  ...['Song', 'sonq', 'sng', 'another song', 'ΣΊΣΥΦΟΣ', 'σισιφος', 'nandu', 'Ñand', 'noche ambr', 'drive night'],
  ...['65f000000000000000000001', '65F00000', 'a1', 'a1_2', '65f0000000000000000000a9', 'spotify:track:77', '!'],
]

const questions: fc.Arbitrary<SearchQuestion> = fc.record({
  q: fc.constantFrom(...TEXTS),
  kind: fc.option(fc.constantFrom(...SEARCH_KINDS), { nil: undefined, freq: 2 }),
  limit: fc.constantFrom(1, 3, 50),
})

async function withIndex(figures: Figures, use: (file: IndexFile, follow: () => Promise<void>) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'undersounds-search-'))
  const file = new IndexFile(join(folder, 'search.db'))
  const index = new SearchIndex(file, {
    ask: question => figures.ask(question),
    takeChanges: async () => figures.takeChanges(),
  })
  try {
    await use(file, async () => {
      while (await index.step());
    })
  } finally {
    file.close()
    await rm(folder, { recursive: true })
  }
}

const all = fc.array(questions, { minLength: 10, maxLength: 10 })

test('the search finds what a plain scan of the events and of the catalogue finds, in the same order', async () => {
  const property = fc.asyncProperty(
    randomEvents(50),
    randomEvents(20),
    catalogueFacts,
    catalogueFacts,
    all,
    async (events, others, facts, newer, questions) => {
      const late = others.map(({ event, decision }, i) => ({ event: { ...event, eventId: `late${i}` }, decision }))
      const compare = (figures: Figures, storage: Storage) =>
        withIndex(figures, async (file, follow) => {
          await follow()
          await storage.append(late.map(toLogEntry))
          await writeRecords(
            storage.documents,
            [...newer].map(([entity, record]) => [ref(entity), record]),
          )
          await catchUp(storage, figures, noneSetAside)
          await follow()
          for (const question of questions) {
            const { items, isComplete } = search(file, question)
            const rows = items.map(({ key, type, plays, match }) => ({ key, type, plays, match }))
            assert.deepEqual(
              rows,
              naiveSearch([...events, ...late], [facts, newer], question),
              JSON.stringify(question),
            )
            assert.equal(isComplete, true)
          }
        })
      await withEvents(events, 2, compare, facts)
    },
  )
  await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 5_000 })
})
