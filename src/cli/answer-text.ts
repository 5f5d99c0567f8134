/** An answer as a table of text. */
import type { Answer } from './statements.ts'

/** Aligned columns, numbers to the right, and the number of rows. */
export function answerText({ columns, rows, isCut }: Answer): string {
  const cells = rows.map(row => row.map(plain))
  const count = isCut ? `the first ${rows.length} rows` : rows.length === 1 ? '1 row' : `${rows.length} rows`
  const names = columns.map(({ name }) => plain(name))
  const areNumbers = columns.map(({ isNumber }) => isNumber)
  return `${tableText(names, cells, areNumbers)}\n(${count})`
}

/** Aligned columns under their headings; those of numbers to the right. */
export function tableText(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  areNumbers: readonly boolean[],
): string {
  const widths = headings.map((heading, i) =>
    rows.reduce((width, row) => Math.max(width, lengthOf(row[i]!)), lengthOf(heading)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => padded(cell, widths[i]!, areNumbers[i]!))
      .join(' | ')
      .trimEnd()
  const rule = widths.map(width => '-'.repeat(width)).join('-+-')
  return [line(headings), rule, ...rows.map(line)].join('\n')
}

/** Texts come from clients: a character that would move the cursor or colour the terminal becomes a dot. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·')

const lengthOf = (text: string): number => [...text].length

function padded(text: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(width - lengthOf(text))
  return isNumber ? space + text : text + space
}
