/** The figures that pages show are those of the API. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserOfFile } from './support/browser.ts'
import { demoOfFile } from './support/demo-of-file.ts'
import { answeredFigures, shownFigures } from './support/figures.ts'
import { openPage } from './support/open-page.ts'
import { pathsOf } from './support/paths.ts'

const demo = demoOfFile()
const browser = browserOfFile()

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
/** Days that are over, so that no figure changes meanwhile; in a zone whose days are not those of UTC. */
const [FROM, TO, ZONE] = [day(40), day(5), 'America/Bogota']

/** Where the API has the figures of a page. */
const apiPathOf = (name: string, path: string) =>
  name === 'overview' ? '/api/stats/overview' : `/api/stats${path}/kpis`

for (const name of ['overview', 'artist', 'track', 'album']) {
  for (const locale of ['en-GB', 'es-ES']) {
    test(`the six figures of the page ${name} are those of the API, in ${locale}`, async t => {
      const path = (await pathsOf(demo()))[name]!
      const view = `?range=own&from=${FROM}&to=${TO}&tz=${ZONE}`
      const page = await openPage(t, browser(), demo(), path + view, { locale })
      const answered = await answeredFigures(
        demo().url,
        `${apiPathOf(name, path)}?startDate=${FROM}&endDate=${TO}&tz=${ZONE}`,
      )
      assert.ok(answered[0]! > 0, 'a comparison of zeros says nothing')
      assert.deepEqual(await shownFigures(page), answered)
    })
  }
}
