/** The command `eval`: how good recommendations are, measured on a public data set. */
import { type Command, InvalidArgumentError } from 'commander'
import { type DataSet, readDataSet } from './evaluation/data-set.ts'
import { type Measured, STEPS } from './evaluation/measure.ts'
import { resultTables } from './evaluation/result-tables.ts'
import { measureSplits } from './evaluation/split-worker.ts'
import { randomSplit, temporalSplit } from './evaluation/splits.ts'
import { withProgressBar } from './progress-bar.ts'

interface Options {
  seeds: number[]
  temporal?: number
}

export function addEvaluate(program: Command): void {
  program
    .command('eval')
    .description('measure recommendations on a data set of listening: the model beside the methods that it replaces')
    .argument(
      '<folder>',
      'with user_artists.dat, user_taggedartists.dat and tags.dat, as hetrec2011-lastfm-2k has them',
    )
    .option('--seeds <list>', 'of random splits, with commas between them', seedsOf, [42, 43, 44, 45, 46])
    .option('--temporal <share>', 'split in time instead: the last rows, such as 0.2 of all, are for the test', shareOf)
    .action(async (folder: string, { seeds, temporal }: Options) => {
      const dataSet = await readDataSet(folder)
      const splits =
        temporal === undefined ? seeds.map(seed => randomSplit(dataSet, seed)) : [temporalSplit(dataSet, temporal)]
      const names = temporal === undefined ? seeds.map(seed => `seed ${seed}`) : [`the last ${temporal} in time`]
      const results = await withProgressBar('evaluating', 'parts', async onProgress => {
        let done = 0
        onProgress(0, STEPS * splits.length)
        return measureSplits(dataSet, splits, () => onProgress(++done, STEPS * splits.length))
      })
      console.log(`${descriptionOf(dataSet, results, names)}\n\n${resultTables(results)}`)
    })
}

function descriptionOf(
  { listenerIds, artistIds }: DataSet,
  results: readonly Measured[],
  names: readonly string[],
): string {
  const splits = results.map(({ testPairs, hash }, i) => `${names[i]}: ${testPairs} test pairs, SHA-256 ${hash}`)
  return [`${listenerIds.length} listeners, ${artistIds.length} artists`, ...splits].join('\n')
}

function seedsOf(text: string): number[] {
  if (!/^\d{1,9}(,\d{1,9})*$/.test(text)) throw new InvalidArgumentError('Not whole numbers with commas between them.')
  return text.split(',').map(Number)
}

function shareOf(text: string): number {
  const share = Number(text)
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('Not a number between 0 and 1.')
  return share
}
