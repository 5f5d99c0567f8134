/** What was measured, as tables of text. */
import { pairedBootstrap } from '../../recommendations/evaluation/bootstrap.ts'
import { mean, standardDeviation } from '../../recommendations/evaluation/metrics.ts'
import { tableText } from '../answer-text.ts'
import { KNOWN_ITEMS, METHODS, type Measured, type MethodFigures } from './measure.ts'

/** Which method should be better than which. */
const CLAIMS = [
  [METHODS.model, METHODS.popularity],
  [METHODS.model, METHODS.catalogueOrder],
  [METHODS.model, METHODS.genres],
  [METHODS.tags, METHODS.model],
] as const
/** What more of the small costs. */
const COSTS = [
  [METHODS.modelExploring, METHODS.model],
  [METHODS.tagsExploring, METHODS.tags],
] as const

/** `results` has one for each split. */
export function resultTables(results: readonly Measured[]): string {
  return [
    figuresTable(results),
    comparisonTable('better by (NDCG@10)', CLAIMS, results),
    comparisonTable('cost of exploration (NDCG@10)', COSTS, results),
    newListenersTable(results),
  ].join('\n\n')
}

function figuresTable(results: readonly Measured[]): string {
  const rows = results[0]!.methods.map(({ name }) => {
    const all = results.map(result => figuresOf(result, name))
    const shown = (figure: (figures: MethodFigures) => number, digits: number) => spread(all.map(figure), digits)
    return [
      name,
      shown(({ recallAt20 }) => mean(recallAt20), 4),
      shown(({ ndcgAt10 }) => mean(ndcgAt10), 4),
      shown(({ reciprocalRankAt100 }) => mean(reciprocalRankAt100), 4),
      shown(({ coverageAt10 }) => coverageAt10, 4),
      shown(({ listenersAt10 }) => listenersAt10, 0),
    ]
  })
  return table(['method', 'Recall@20', 'NDCG@10', 'MRR@100', 'Cov@10', 'ARP@10'], rows)
}

/** The difference of each listener is the mean over the splits. */
function comparisonTable(
  title: string,
  pairs: readonly (readonly [string, string])[],
  results: readonly Measured[],
): string {
  const ndcgOf = (name: string) => meansByListener(results.map(result => figuresOf(result, name).ndcgAt10))
  const rows = pairs.map(([first, second]) => {
    const { difference, low, high } = pairedBootstrap(ndcgOf(first), ndcgOf(second))
    const verdict = low > 0 ? 'yes' : high < 0 ? 'worse' : 'not shown'
    return [`${first} − ${second}`, signed(difference), `${signed(low)} to ${signed(high)}`, verdict]
  })
  return table([title, 'difference', '95 % of resamples', 'better'], rows)
}

function newListenersTable(results: readonly Measured[]): string {
  const names = new Set(results[0]!.newListeners.map(({ name }) => name))
  const rows = [...names].map(name => [
    name,
    ...KNOWN_ITEMS.map(known => {
      const ofSplit = ({ newListeners }: Measured) =>
        newListeners.find(figures => figures.name === name && figures.known === known)!
      return spread(
        results.map(result => mean(ofSplit(result).ndcgAt10)),
        4,
      )
    }),
  ])
  return table(['new listeners, NDCG@10 by known items', ...KNOWN_ITEMS.map(String)], rows)
}

const figuresOf = ({ methods }: Measured, name: string): MethodFigures =>
  methods.find(figures => figures.name === name)!

const meansByListener = (splits: readonly number[][]): number[] =>
  splits[0]!.map((_, listener) => mean(splits.map(values => values[listener]!)))

/** Mean ± standard deviation. */
function spread(values: readonly number[], digits: number): string {
  const middle = mean(values).toFixed(digits)
  return values.length === 1 ? middle : `${middle} ± ${standardDeviation(values).toFixed(digits)}`
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`

const table = (headings: readonly string[], rows: readonly string[][]): string =>
  tableText(
    headings,
    rows,
    headings.map((_, column) => column > 0),
  )
