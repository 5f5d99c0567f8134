/** One table of several in CSV that have the same header, as the service writes them. Pure. */
const MARK = '\uFEFF'

/** With the byte order mark, by which spreadsheets know UTF-8: the text of an answer has lost it. */
export function joinCsv(tables: readonly string[]): string {
  const plain = tables.map(table => table.replace(MARK, ''))
  const [first = '', ...others] = plain
  return MARK + first + others.map(table => table.slice(table.indexOf('\n') + 1)).join('')
}
