/** An answer as a table of text. */
import type { Answer } from './statements.ts'

/** Aligned columns, numbers to the right, and the number of rows. */
export function answerText({ columns, rows, isCut }: Answer): string {
  const names = columns.map(({ name }) => plain(name))
  const cells = rows.map(row => row.map(plain))
  const widths = names.map((name, i) =>
    cells.reduce((width, row) => Math.max(width, lengthOf(row[i]!)), lengthOf(name)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => padded(cell, widths[i]!, columns[i]!.isNumber))
      .join(' | ')
      .trimEnd()
  const count = isCut ? `the first ${rows.length} rows` : rows.length === 1 ? '1 row' : `${rows.length} rows`
  const rule = widths.map(width => '-'.repeat(width)).join('-+-')
  return [line(names), rule, ...cells.map(line), `(${count})`].join('\n')
}

/** Texts come from clients: a character that would move the cursor or colour the terminal becomes a dot. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·')

const lengthOf = (text: string): number => [...text].length

function padded(text: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(width - lengthOf(text))
  return isNumber ? space + text : text + space
}
