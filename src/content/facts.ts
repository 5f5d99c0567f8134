/**
 * What the catalogue taught, as documents beside the log: an album's artist, name and genre, an artist's name, and the
 * other form of an artist's id. Kept for good, so that nobody has to be asked again where figures are rebuilt.
 */
import { foldText } from '../events/fold-text.ts'
import type { Documents, Instant } from '../storage/storage.ts'

/** Documents `album:<id>` and `artist:<id>`, by kind. */
export const FACTS = 'catalogue'
export const FACT_KINDS = ['album', 'artist', 'alias'] as const
/** The reverse, for finding candidates: the group is what is known, the id `<known>\n<thing>`. An edge may be outdated. */
export const FACT_EDGES = 'catalogue-edges'

export interface AlbumFact {
  kind: 'album'
  /** When the catalogue was asked last. */
  at: Instant
  /** Whether the catalogue had no such album when it was asked last; what it said before stays. */
  missing: boolean
  artistId: string | null
  name: string | null
  genre: string | null
}

export interface ArtistFact {
  kind: 'artist'
  at: Instant
  /** null also where the catalogue does not list the artist any more. */
  name: string | null
  genre: string | null
}

/** Another form of an artist's id. */
export interface AliasFact {
  kind: 'alias'
  at: Instant
  /** The id that the artist goes by. */
  artistId: string
}

export type Fact = AlbumFact | ArtistFact | AliasFact

export type NamedFact = readonly [thing: string, fact: Fact]

interface FactDocument {
  id: string
  group: string
  value: string
}

export const factDocument = (thing: string, fact: Fact): FactDocument => ({
  id: thing,
  group: fact.kind,
  value: JSON.stringify(fact),
})

export const readFact = (value: string): Fact => JSON.parse(value) as Fact

/**
 * Writes facts, each in the place of what was known of its thing. Edges first: one that leads to nothing yet is harmless,
 * a fact without its edges would not be found.
 */
export async function writeFacts(documents: Documents, facts: readonly NamedFact[]): Promise<void> {
  const edges = facts.flatMap(([thing, fact]) => factEdges(thing, fact))
  if (edges.length > 0) await documents.put(FACT_EDGES, edges, Number.POSITIVE_INFINITY)
  const written = facts.map(([thing, fact]) => factDocument(thing, fact))
  if (written.length > 0) await documents.put(FACTS, written, Number.POSITIVE_INFINITY)
}

/** The edges that lead from what a fact names back to its thing. */
export function factEdges(thing: string, fact: Fact): FactDocument[] {
  return namedBy(fact).map(group => ({ id: `${group}\n${thing}`, group, value: '' }))
}

/** Both ends of an edge, from its id. */
export function readEdge(id: string): { known: string; thing: string } {
  const cut = id.lastIndexOf('\n')
  return { known: id.slice(0, cut), thing: id.slice(cut + 1) }
}

function namedBy(fact: Fact): string[] {
  if (fact.kind === 'alias') return [`artist:${fact.artistId}`]
  const named = fact.name === null ? [] : [`name:${foldText(fact.name)}`]
  if (fact.kind === 'artist') return named
  if (fact.artistId !== null) named.push(`artist:${fact.artistId}`)
  if (fact.genre !== null) named.push(`genre:${foldText(fact.genre)}`)
  return named
}
