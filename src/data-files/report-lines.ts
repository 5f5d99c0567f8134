/** What an import did, in lines for the operator. */
import type { ImportReport, Listed } from './import-dump.ts'
import type { KpiDifference } from './kpi-document.ts'

export interface ReportLines {
  summary: string[]
  /** Conflicts and differences; the first of them, and how many there are more. */
  remarks: string[]
}

export function reportLines({ events, bindings, differences, dbVersion }: ImportReport): ReportLines {
  const { accepted, duplicates, conflicts } = events
  const summary = [
    `${accepted} events imported, ${duplicates} there already, ${conflicts.count} in conflict`,
    `${bindings.read} bindings read, ${bindings.changed} of them new`,
  ]
  if (differences) summary.push(`artist_kpis compared with the events: ${differences.count} differences`)
  if (dbVersion !== null) summary.push(`dbVersion ${dbVersion}`)
  const remarks = listed(conflicts, id => `event ${id}: the store has another event under this id, which stays`)
  if (differences) remarks.push(...listed(differences, differenceText))
  return { summary, remarks }
}

function listed<T>({ count, first }: Listed<T>, text: (item: T) => string): string[] {
  const lines = first.map(text)
  return count > lines.length ? [...lines, `… and ${count - lines.length} more`] : lines
}

function differenceText({ artistId, figure, stated, recomputed }: KpiDifference): string {
  const said = stated === null ? 'the file says nothing' : `the file says ${stated}`
  return `artist ${artistId} ${figure}: ${said}, the events give ${recomputed}`
}
