/** The figures of artists, as documents of `artist_kpis.json`: written for others to read, and compared; never imported. */
import { type ArtistKpis, artistKpis, type KpiSettings } from '../statistics/artist-kpis.ts'
import type { Money } from '../statistics/kpi-totals.ts'
import type { Figures } from '../storage/figures.ts'
import { decimalDocument, idDocument, plainValue, unreadValue } from './extended-json.ts'

const PAGE = 200
/** What sums of floats, as the old service made them, may be away from the truth. */
const FLOAT_NOISE = 1e-6
/** Of what is no number. */
const SHOWN_TEXT = 100

/** The figures that the old service kept, and one that it did not. */
const FIGURES = ['plays', 'likes', 'follows', 'purchases', 'revenue', 'uniqueListeners'] as const

type FigureName = (typeof FIGURES)[number]

/** What a file says of an artist: numbers, or the text of what is none; a figure that is zero may be absent. */
export type StatedKpis = { artistId: string } & { [figure in FigureName]?: number | string }

/** One figure where file and store differ. `stated` null: the file has no document of the artist. */
export interface KpiDifference {
  artistId: string
  figure: FigureName
  stated: number | string | null
  recomputed: Money
}

/** Figures that nobody changes meanwhile: each artist is a question of its own, for many of them take long. */
export type Asked = Pick<Figures, 'ask'>

/** One document for each artist of whom there is anything, in the order of their ids, in pages. */
export async function* kpiPages(figures: Asked, settings: KpiSettings): AsyncGenerator<object[]> {
  let page: object[] = []
  for await (const kpis of countedArtists(figures, settings)) {
    page.push(kpiDocument(kpis))
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  yield page
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

/** The figures of all artists of whom there is anything. The ids are held, the figures are not. */
async function* countedArtists(figures: Asked, settings: KpiSettings): AsyncGenerator<ArtistKpis> {
  for (const artistId of await artistIds(figures)) {
    const kpis = await figures.ask(reads => artistKpis(reads, { artistId }, settings))
    if (FIGURES.some(figure => kpis[figure] !== 0) || Object.keys(kpis.revenueByCurrency).length > 0) yield kpis
  }
}

/** The artists that anything counted belongs to, in the order of ids. */
async function artistIds(figures: Asked): Promise<string[]> {
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

/** What a document says, which is made plain in place, or why nobody knows of whom. */
export function readKpis(fields: Record<string, unknown>): StatedKpis | string {
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
  return Number.isFinite(number) ? number : text.slice(0, SHOWN_TEXT)
}

/** Compares what a file says with the store, artist by artist; then names the artists that the file leaves out. */
export async function* compareKpis(
  figures: Asked,
  stated: AsyncIterable<StatedKpis>,
  settings: KpiSettings,
): AsyncGenerator<KpiDifference> {
  const seen = new Set<string>()
  for await (const document of stated) {
    seen.add(document.artistId)
    const { artistId } = document
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
