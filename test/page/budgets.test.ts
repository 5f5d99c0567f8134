/** What the dashboard may take, with a processor four times slower than this one. Its times mean something only alone on the machine. */
import { test } from 'node:test'
import { browserOfFile } from './support/browser.ts'
import { type Budget, holdBudgets } from './support/budget-table.ts'
import { demoOfFile } from './support/demo-of-file.ts'
import { type MeasuredLoad, measuredLoad, timeOfRange } from './support/measured-load.ts'
import { pathsOf } from './support/paths.ts'

/** A year and what it is compared with. */
const demo = demoOfFile({ historyDays: 730, eventsPerDay: 60 })
const browser = browserOfFile()

const RUNS = 3
const SLOWDOWN = 4
const KB = 1_000

const budget = (measure: string, most: number, unit: Budget['unit'], runs: number[]): Budget => ({
  measure,
  most,
  unit,
  runs,
})

test('the first visit of each page is small', async () => {
  const budgets: Budget[] = []
  for (const [name, path] of Object.entries(await pathsOf(demo()))) {
    const { bytes } = await measuredLoad(browser(), demo().url, path, { slowdown: 1 })
    budgets.push(budget(`${name}: page`, 170, 'kB', [bytes.page / KB]))
    budgets.push(budget(`${name}: charts`, 30, 'kB', [bytes.charts / KB]))
    console.log(`${name}: answers of the API ${(bytes.api / KB).toFixed(1)} kB`)
  }
  holdBudgets(budgets)
})

test('the page of an artist is quick and calm, with a year of days too', async () => {
  const { artist } = await pathsOf(demo())
  const [loads, years]: MeasuredLoad[][] = [[], []]
  const [toWeek, toYear]: number[][] = [[], []]
  for (let run = 0; run < RUNS; run++) {
    const changeRange = async (page: Parameters<typeof timeOfRange>[0]) => {
      toWeek!.push(await timeOfRange(page, '2'))
      toYear!.push(await timeOfRange(page, '5'))
    }
    loads!.push(await measuredLoad(browser(), demo().url, artist!, { slowdown: SLOWDOWN, afterwards: changeRange }))
    const year = `${artist}?range=12m&interval=day`
    years!.push(await measuredLoad(browser(), demo().url, year, { slowdown: SLOWDOWN }))
  }
  const of = (found: MeasuredLoad[] | undefined, name: Exclude<keyof MeasuredLoad, 'bytes'>) =>
    found!.map(each => each[name])
  holdBudgets([
    budget('first contentful paint', 1_200, 'ms', of(loads, 'firstPaint')),
    budget('the page of an artist is usable', 2_000, 'ms', of(loads, 'usable')),
    budget('layout shift', 0.02, '', of(loads, 'shift')),
    budget('longest task', 100, 'ms', of(loads, 'longestTask')),
    budget('a year of days: usable', 2_000, 'ms', of(years, 'usable')),
    budget('a year of days: layout shift', 0.02, '', of(years, 'shift')),
    budget('a year of days: longest task', 100, 'ms', of(years, 'longestTask')),
    budget('7 days are drawn after the key', 300, 'ms', toWeek!),
    budget('12 months are drawn after the key', 300, 'ms', toYear!),
  ])
})
