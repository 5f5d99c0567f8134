/** What the catalogue taught, as documents of `bindings.json`. */
import { FACTS, type Fact, factDocument, type NamedFact, readFact, writeFacts } from '../catalogue/catalogue-record.ts'
import type { Documents, DocumentsSince } from '../storage/storage.ts'
import { idDocument, plainValue } from './extended-json.ts'

const PAGE = 500

/**
 * All facts as documents, in pages, in the order in which they came. Their ids are held, their values are not: a fact that
 * takes the place of another one meanwhile comes again, and is left out then.
 */
export async function* bindingPages(documents: DocumentsSince): AsyncGenerator<object[]> {
  const seen = new Set<string>()
  let after = 0
  for (;;) {
    const found = await documents.documentsSince(FACTS, after, PAGE)
    if (found.length === 0) return
    after = found.at(-1)!.order
    const fresh = found.filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    yield fresh.map(({ id, group, value }) => ({ _id: idDocument(id), id, group, value: readFact(value) }))
  }
}

/** The fact of a document, which is made plain in place, or what is wrong with it. */
export function readBinding(fields: Record<string, unknown>): NamedFact | string {
  plainValue(fields)
  const { id, group, value } = fields
  if (typeof id !== 'string' || !/^(album|artist):./s.test(id)) return 'id must be album:… or artist:…'
  if (typeof value !== 'object' || value === null) return 'value must be an object'
  const fact = factOf(value as Record<string, unknown>, id)
  if (typeof fact === 'string') return `value.${fact}`
  return fact.kind === group ? [id, fact] : 'group must be the same as value.kind'
}

function factOf(value: Record<string, unknown>, thing: string): Fact | string {
  const { kind, at, missing, artistId = null, name = null, genre = null } = value
  if (typeof at !== 'number' || !Number.isFinite(at)) return 'at must be a number of epoch milliseconds'
  if (kind === 'alias' && typeof artistId === 'string') return { kind, at, artistId }
  if (!isTextOrNull(name)) return 'name must be a string or null'
  if (!isTextOrNull(genre)) return 'genre must be a string or null'
  if (kind === 'artist') return { kind, at, name, genre }
  if (!isTextOrNull(artistId)) return 'artistId must be a string or null'
  if (kind !== 'album' || !thing.startsWith('album:')) return 'kind must be album, artist or alias, and fit the id'
  return { kind, at, missing: missing === true, artistId, name, genre }
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

/** Writes the facts that are not older than what the store has; returns how many changed something. */
export async function teach(documents: Documents, facts: readonly NamedFact[]): Promise<number> {
  const fresh: NamedFact[] = []
  for (const [thing, fact] of facts) {
    const known = await documents.get(FACTS, thing)
    if (!known || isNews(known.value, thing, fact)) fresh.push([thing, fact])
  }
  await writeFacts(documents, fresh)
  return fresh.length
}

function isNews(known: string, thing: string, fact: Fact): boolean {
  return readFact(known).at <= fact.at && known !== factDocument(thing, fact).value
}
