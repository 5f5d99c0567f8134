/** The page of recommendations: what it shows is what the API answers, it can be shared, and it says why there is nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { RecommendationModel } from '../../src/http/recommendation-model.ts'
import type { Recommendation, SimilarAlbum } from '../../src/http/recommendations.ts'
import { until } from '../support/http.ts'
import { browserOfFile } from './support/browser.ts'
import { demoOfFile, TRAINED } from './support/demo-of-file.ts'
import { seriousFindings } from './support/findings.ts'
import { openPage, type Reader } from './support/open-page.ts'
import { ownService, playOf } from './support/own-service.ts'
import { settled } from './support/settled.ts'
import { textOf } from './support/text-of.ts'

const demo = demoOfFile(TRAINED)
const browser = browserOfFile()

/** A training takes so long at most on a machine that does much else. */
const EVALUATION_MS = 120_000

const LOCALES = ['en-GB', 'es-ES']

const open = (t: Parameters<typeof openPage>[0], query: string, reader: Reader = {}) =>
  openPage(t, browser(), demo(), `/recommendations?${query}`, reader)

const ask = async <Answer>(path: string) => (await (await fetch(demo().url + path)).json()) as Answer
const listOf = (query: string) => ask<Recommendation[]>(`/api/recommendations/user/${demo().listener}?${query}`)

/** `12.3%` of .1234, as the page writes it. */
const percent = (value: number, locale: string) =>
  new Intl.NumberFormat(locale.slice(0, 2), { style: 'percent', maximumFractionDigits: 1 }).format(value)

const list = (page: Page) => page.getByRole('list', { name: /For a listener|Para un oyente/ })
const rows = (page: Page) => list(page).locator('> li')

for (const locale of LOCALES) {
  test(`the list is that of the API, with its scores, shares and marks, in ${locale}`, async t => {
    const page = await open(t, `listener=${demo().listener}&type=artist`, { locale })
    const answered = await listOf('type=artist')
    assert.equal(answered.length, 20)
    assert.equal(await rows(page).count(), answered.length)
    for (const [i, row] of answered.entries()) {
      const text = await textOf(rows(page).nth(i))
      assert.ok(text.includes(row.title ?? row.id), text)
      assert.ok(text.includes(percent(row.score, locale)), text)
      const isMarked = await rows(page).nth(i).getByText('✦').count()
      assert.equal(isMarked === 1, row.exploration)
    }
  })

  test(`the shares of a row are those of the API and make its score, in ${locale}`, async t => {
    const page = await open(t, `listener=${demo().listener}&type=artist`, { locale })
    const [first] = await listOf('type=artist')
    await rows(page).first().locator('summary').click()
    await rows(page).first().locator('table').waitFor()
    const shown = await rows(page).first().locator('table td').allTextContents()
    const shares = first!.because.map(({ share }) => share).sort((a, b) => b - a)
    assert.ok(shares.length > 5, 'there are others than the strongest')
    assert.deepEqual(
      shown.slice(0, 5),
      shares.slice(0, 5).map(share => percent(share, locale)),
    )
    assert.equal(shown.at(-1), percent(first!.score, locale))
    assert.deepEqual(await seriousFindings(page), [])
  })

  test(`what is similar is what the API says, in ${locale}`, async t => {
    const { biggest } = demo().artists
    const page = await open(t, `artistId=${biggest}`, { locale })
    const answered = await ask<SimilarAlbum[]>(`/api/recommendations/similar?artistId=${biggest}&limit=10`)
    assert.equal(answered.length, 10)
    const shown = page.getByRole('list', { name: /Similar artists|Artistas parecidos/ }).locator('> li')
    const texts = await shown.allTextContents()
    assert.equal(texts.length, answered.length)
    for (const [i, { title, score }] of answered.entries()) {
      const text = texts[i]!
      assert.ok(text.includes(title!) && text.includes(percent(score, locale)), text)
    }
  })

  test(`the model is said to be what the API says, in ${locale}`, async t => {
    const page = await open(t, '', { locale })
    const { version, kinds } = await ask<RecommendationModel>('/api/recommendations/model')
    const card = page.getByRole('region', { name: /The model|El modelo/ })
    const text = await textOf(card)
    assert.ok(version && text.includes(version), text)
    const number = new Intl.NumberFormat(locale.slice(0, 2), { useGrouping: 'always' })
    for (const { listeners, items, pairs } of kinds) {
      for (const count of [listeners, items, pairs]) assert.ok(text.includes(number.format(count)), `${count}: ${text}`)
    }
  })

  test(`the model stands beside popularity as the API measured both on held-out days, in ${locale}`, async t => {
    const kinds = await evaluatedKinds()
    const page = await open(t, '', { locale })
    const table = page.getByRole('table', { name: /How well|Cómo de bien/ })
    const shown = await table.locator('td').allTextContents()
    const answered = (['ndcgAt10', 'recallAt20', 'coverageAt10'] as const).flatMap(measure =>
      kinds.flatMap(({ model, popularity }) => [percent(model[measure], locale), percent(popularity[measure], locale)]),
    )
    assert.ok(answered.length > 0)
    assert.deepEqual(shown.slice(0, answered.length), answered)
  })
}

/** How each kind does: the models are tested only when they answer already. */
async function evaluatedKinds() {
  const model = () => ask<RecommendationModel>('/api/recommendations/model')
  await until(async () => (await model()).evaluation !== null, EVALUATION_MS)
  return (await model()).evaluation!.kinds
}

test('kind, variety, exploration and rows are in the address, which shows the same to somebody else', async t => {
  const page = await open(t, `listener=${demo().listener}`)
  for (const key of ['k', 'v', 'e']) await page.keyboard.press(key)
  await page.getByLabel('10', { exact: true }).check({ force: true })
  await page.waitForURL('**limit=10*')
  await settled(page)
  const { searchParams } = new URL(page.url())
  const asked = ['type', 'diversity', 'exploration', 'limit'].map(name => searchParams.get(name))
  assert.deepEqual(asked, ['artist', '0.3', 'off', '10'])
  const other = await openPage(t, browser(), demo(), page.url().slice(demo().url.length))
  assert.equal(await textOf(list(other)), await textOf(list(page)))
  assert.equal(await rows(other).count(), 10)
  assert.equal(await list(other).getByText('✦').count(), 0)
})

test('what is there to explore is marked, and says why', async t => {
  const page = await open(t, `listener=${demo().listener}&type=artist`)
  const [first, ...others] = await listOf('type=artist')
  await page.route('**/api/recommendations/user/**', route =>
    route.fulfill({ json: [{ ...first, exploration: true, strategy: 'exploration' }, ...others] }),
  )
  await page.reload()
  await settled(page)
  assert.equal(await rows(page).first().getByText('✦').count(), 1)
  await rows(page).first().getByRole('button', { name: 'How exploring is counted' }).click()
  await page.getByText('outside the most played tenth').waitFor()
  assert.deepEqual(await seriousFindings(page), [])
})

test('what others are to be similar to is chosen by the search, by keyboard alone', async t => {
  const page = await open(t, 'genre=Rock')
  await page.getByRole('button', { name: 'Choose an artist, an album or a track' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('combobox').fill('img src')
  await page.getByRole('option').filter({ hasText: 'Artist' }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**artistId=${demo().artists.markup}*`)
  await settled(page)
  assert.equal(new URL(page.url()).searchParams.get('genre'), null)
  assert.ok((await page.getByRole('list', { name: 'Similar artists' }).locator('> li').count()) > 0)
})

test('the page of an artist leads to all that is similar', async t => {
  const { biggest } = demo().artists
  const page = await openPage(t, browser(), demo(), `/artist/${biggest}`)
  await page.getByRole('link', { name: 'More: Similar artists' }).click()
  await page.waitForURL(`**/recommendations?*artistId=${biggest}*`)
  await settled(page)
  assert.ok((await page.getByRole('list', { name: 'Similar artists' }).locator('> li').count()) > 6)
})

test('the table that is downloaded has a row for each that is shown', async t => {
  const page = await open(t, `listener=${demo().listener}&type=album`)
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as CSV: For a listener' }).click()
  const file = await coming
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  const lines = Buffer.concat(chunks).toString('utf8').trim().split('\r\n')
  assert.match(lines[0]!, /position,type,id,title,artist,score,reason,strategy,exploration,because$/)
  assert.equal(lines.length, 1 + (await rows(page).count()))
})

test('without a model the page says why, and what it does instead', async t => {
  const service = await ownService()
  await service.post([playOf('4', 'u1'), playOf('5', 'u2')])
  const page = await openPage(t, browser(), service, '/recommendations?listener=u1&artistId=4')
  const text = await textOf(page.locator('main'))
  assert.match(text, /No model has been trained yet/)
  assert.match(text, /at least 100 listeners/)
  assert.match(text, /Nothing similar is known yet/)
  assert.match(text, /only popular/)
})

test('without a listener, the page says how to get one', async t => {
  const page = await open(t, '')
  assert.match(await textOf(page.locator('main')), /Write the id of a listener.*curl/)
})
