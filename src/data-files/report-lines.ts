/** The report of an import, in lines for the operator. */
import type { Findings } from './findings.ts'
import type { ImportReport } from './import-dump.ts'
import type { LetterCounts } from './import-events.ts'
import type { KpiDifference } from './kpi-file.ts'

export interface ReportLines {
  summary: string[]
  /** Dead letters, documents left out, and differences: the first of each, and how many more there are. */
  remarks: string[]
}

export function reportLines({ events, bindings, kpis, dbVersion }: ImportReport): ReportLines {
  const { accepted, duplicates, letters } = events
  const conflicts = letters.byReason.get('event_conflict') ?? 0
  const summary = [
    `${accepted} events imported, ${duplicates} there already, ${conflicts} in conflict`,
    `${bindings.read} bindings read, ${bindings.changed} of them new`,
  ]
  if (bindings.leftOut.count > 0) summary.push(`${bindings.leftOut.count} bindings left out`)
  if (kpis) summary.push(`artist_kpis compared with the events: ${kpis.differences.count} differences`)
  if (dbVersion !== null) summary.push(`dbVersion ${dbVersion}`)
  if (letters.kept.count > 0) summary.push(lettersText(letters))
  const remarks = [...listedLines(letters.kept, String), ...listedLines(bindings.leftOut, String)]
  if (kpis) remarks.push(...listedLines(kpis.unreadable, String), ...listedLines(kpis.differences, differenceText))
  return { summary, remarks }
}

function lettersText({ kept, byReason, dropped }: LetterCounts): string {
  const reasons = [...byReason].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const counted = reasons.map(([reason, count]) => `${reason} ${count}`).join(', ')
  const left = dropped === 0 ? '' : `; ${dropped} older ones left, for there are at most DEAD_LETTER_MAX`
  return `${kept.count} events kept as dead letters: ${counted}${left}`
}

function listedLines<T>({ count, first }: Findings<T>, text: (finding: T) => string): string[] {
  const lines = first.map(text)
  return count > lines.length ? [...lines, `… and ${count - lines.length} more`] : lines
}

function differenceText({ artistId, figure, stated, recomputed }: KpiDifference): string {
  const said = stated === null ? 'the file says nothing' : `the file says ${stated}`
  return `artist ${artistId} ${figure}: ${said}, the events give ${recomputed}`
}
