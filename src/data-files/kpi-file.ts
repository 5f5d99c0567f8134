/** `artist_kpis.json`: the figures of artists, written for other programs and compared with a store; never imported. */
import { type ArtistKpis, artistKpis } from '../statistics/artist-kpis.ts'
import type { Money } from '../statistics/kpi-totals.ts'
import type { KpiSettings } from '../statistics/kpis.ts'
import type { Figures } from '../storage/figures.ts'
import { decimalDocument, idDocument, plainValue, unreadValue } from './extended-json.ts'
import { addFinding, DataFileError, type Findings, faultAt, noFindings } from './findings.ts'
import { findDataFile, readDocuments } from './read-documents.ts'

/** A sum of floats, as the old service made it, may differ from the exact one by less than this. */
const FLOAT_NOISE = 1e-6
const MAX_TEXT = 100

/** The figures that the old service kept, and `uniqueListeners`, which it did not. */
const FIGURES = ['plays', 'likes', 'follows', 'purchases', 'revenue', 'uniqueListeners'] as const

type FigureName = (typeof FIGURES)[number]

/** What a file says of an artist: numbers, or the text of what is none; a figure that is zero may be absent. */
type StatedKpis = { artistId: string } & { [figure in FigureName]?: number | string }

/** One figure where file and store differ. `stated` null: the file has no document of the artist. */
export interface KpiDifference {
  artistId: string
  figure: FigureName
  stated: number | string | null
  recomputed: Money
}

export interface KpiComparison {
  differences: Findings<KpiDifference>
  /** What could not be compared, and why. */
  unreadable: Findings<string>
}

/** Figures that do not change meanwhile: each artist is a question of its own, for all of them in one would take long. */
type Questions = Pick<Figures, 'ask'>

/** One document for each artist with any figure above zero, in the order of their ids. */
export async function* kpiDocuments(figures: Questions, settings: KpiSettings): AsyncGenerator<object> {
  for await (const kpis of countedArtists(figures, settings)) yield kpiDocument(kpis)
}

function kpiDocument(kpis: ArtistKpis): object {
  const { artistId, plays, likes, follows, purchases, revenue, uniqueListeners, revenueByCurrency } = kpis
  const byCurrency = Object.entries(revenueByCurrency).map(([currency, amount]) => [currency, moneyDocument(amount)])
  return {
    ...{ _id: idDocument(artistId), artistId, plays, likes, follows, purchases },
    ...{ revenue: moneyDocument(revenue), uniqueListeners, revenueByCurrency: Object.fromEntries(byCurrency) },
  }
}

const moneyDocument = (amount: Money) => (typeof amount === 'number' ? amount : decimalDocument(amount))

/** The figures of all artists with any above zero. The ids are in memory at once, the figures one after the other. */
async function* countedArtists(figures: Questions, settings: KpiSettings): AsyncGenerator<ArtistKpis> {
  for (const artistId of await artistIds(figures)) {
    const kpis = await figures.ask(reads => artistKpis(reads, { artistId }, settings))
    if (FIGURES.some(figure => kpis[figure] !== 0) || Object.keys(kpis.revenueByCurrency).length > 0) yield kpis
  }
}

/** The artists that own any fact, in the order of ids. */
async function artistIds(figures: Questions): Promise<string[]> {
  const rows = await figures.ask(reads =>
    reads.rows<{ id: string }>(
      `SELECT text AS id
       FROM (SELECT DISTINCT coalesce(owner, key) AS owner FROM (SELECT DISTINCT key FROM facts) LEFT JOIN attribution USING (key))
       JOIN names ON names.id = owner AND kind = 'artist'
       ORDER BY id_order(text)`,
    ),
  )
  return rows.map(({ id }) => id)
}

/** Compares the folder's file with the store; null where there is none. A file that can't be read is a finding, no error. */
export async function compareKpiFile(
  figures: Questions,
  folder: string,
  settings: KpiSettings,
): Promise<KpiComparison | null> {
  const found: KpiComparison = { differences: noFindings(), unreadable: noFindings() }
  try {
    const file = await findDataFile(folder, 'artist_kpis')
    if (file === null) return null
    for await (const difference of compareKpis(figures, statedKpis(file, found.unreadable), settings)) {
      addFinding(found.differences, () => difference)
    }
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    addFinding(found.unreadable, () => error.message)
  }
  return found
}

async function* statedKpis(file: string, unreadable: Findings<string>): AsyncGenerator<StatedKpis> {
  for await (const { fields, line, number } of readDocuments(file)) {
    const kpis = readKpis(fields)
    if (typeof kpis !== 'string') yield kpis
    else addFinding(unreadable, () => faultAt(file, { line, document: number, id: fields._id }, kpis))
  }
}

/** What a document says, which is made plain in place, or why it is of no artist. */
function readKpis(fields: Record<string, unknown>): StatedKpis | string {
  unreadValue(plainValue(fields))
  const id = fields.artistId ?? fields._id
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return 'artistId must be a string or an integer'
  const stated: StatedKpis = { artistId: String(id) }
  for (const figure of FIGURES) {
    const value = fields[figure] ?? undefined
    if (value !== undefined) stated[figure] = readFigure(value)
  }
  return stated
}

function readFigure(value: unknown): number | string {
  if (typeof value === 'number') return value
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : text.slice(0, MAX_TEXT)
}

/** The differences artist by artist in the order of the file; then those of the artists that the file leaves out. */
async function* compareKpis(
  figures: Questions,
  stated: AsyncIterable<StatedKpis>,
  settings: KpiSettings,
): AsyncGenerator<KpiDifference> {
  const seen = new Set<string>()
  for await (const document of stated) {
    const { artistId } = document
    seen.add(artistId)
    yield* differences(document, await figures.ask(reads => artistKpis(reads, { artistId }, settings)))
  }
  for await (const kpis of countedArtists(figures, settings)) {
    if (!seen.has(kpis.artistId)) yield* unstated(kpis)
  }
}

function* differences(stated: StatedKpis, kpis: ArtistKpis): Generator<KpiDifference> {
  const { artistId } = stated
  for (const figure of FIGURES) {
    const recomputed = kpis[figure]
    // The old service did not count listeners at all.
    const said = stated[figure] ?? (figure === 'uniqueListeners' ? recomputed : 0)
    const isSame = typeof said === 'number' && Math.abs(said - Number(recomputed)) < FLOAT_NOISE
    if (!isSame) yield { artistId, figure, stated: said, recomputed }
  }
}

function* unstated(kpis: ArtistKpis): Generator<KpiDifference> {
  const { artistId } = kpis
  for (const figure of FIGURES) {
    if (kpis[figure] !== 0) yield { artistId, figure, stated: null, recomputed: kpis[figure] }
  }
}
