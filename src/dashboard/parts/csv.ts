/** Writes a table as CSV, as the service writes its own (RFC 4180, UTF-8 with a byte order mark). Pure. */

export interface Table {
  columns: readonly string[]
  /** Null is an empty cell. */
  rows: readonly (readonly (string | number | null)[])[]
}

export function writeCsv({ columns, rows }: Table): string {
  return `\uFEFF${[columns, ...rows].map(row => `${row.map(cellOf).join(',')}\r\n`).join('')}`
}

function cellOf(value: string | number | null): string {
  if (typeof value !== 'string') return String(value ?? '')
  // A spreadsheet would take it for a formula.
  const text = /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
