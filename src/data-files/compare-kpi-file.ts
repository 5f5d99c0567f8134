/** Comparing `artist_kpis` of a dump with the store. Nothing is written from it, so nothing in it can block an import. */
import type { KpiSettings } from '../statistics/artist-kpis.ts'
import type { Figures } from '../storage/figures.ts'
import { DataFileError, faultAt } from './data-file-error.ts'
import { compareKpis, type KpiDifference, readKpis, type StatedKpis } from './kpi-document.ts'
import { type Listed, list } from './listed.ts'
import { findDataFile, readDocuments } from './read-documents.ts'

export interface KpiComparison {
  differences: Listed<KpiDifference>
  /** What could not be compared. */
  unreadable: Listed<string>
}

/** null: the folder has no such file. */
export async function compareKpiFile(
  figures: Pick<Figures, 'ask'>,
  folder: string,
  settings: KpiSettings,
): Promise<KpiComparison | null> {
  const found: KpiComparison = { differences: { count: 0, first: [] }, unreadable: { count: 0, first: [] } }
  try {
    const file = await findDataFile(folder, 'artist_kpis')
    if (file === null) return null
    for await (const difference of compareKpis(figures, stated(file, found), settings)) {
      list(found.differences, () => difference)
    }
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    list(found.unreadable, () => error.message)
  }
  return found
}

async function* stated(file: string, found: KpiComparison): AsyncGenerator<StatedKpis> {
  for await (const { fields, line, number } of readDocuments(file)) {
    const kpis = readKpis(fields)
    if (typeof kpis !== 'string') yield kpis
    else list(found.unreadable, () => faultAt(file, { line, document: number, id: fields._id }, kpis))
  }
}
