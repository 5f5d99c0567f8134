/**
 * What the catalogue taught, as documents beside the log: an album's artist, name and genre, an artist's name, and the
 * other form of an artist's id. Kept for good, so that nobody has to be asked again where figures are rebuilt.
 */
import { foldText } from '../identity/fold-text.ts'
import type { CatalogueRecord } from '../storage/figures.ts'
import type { Documents, Instant } from '../storage/storage.ts'

/** Documents `album:<id>` and `artist:<id>`, by kind. */
export const FACTS = 'catalogue'

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

/** Writes facts, each in the place of what was known of its thing. */
export async function writeFacts(documents: Documents, facts: readonly NamedFact[]): Promise<void> {
  const written = facts.map(([thing, fact]) => factDocument(thing, fact))
  if (written.length > 0) await documents.put(FACTS, written, Number.POSITIVE_INFINITY)
}

/** A fact as the figures keep it. */
export function catalogueRecord(thing: string, value: string): CatalogueRecord {
  const fact = readFact(value)
  const record = {
    entity: thing,
    kind: fact.kind,
    artist: null,
    name: null,
    label: null,
    genre: null,
    askedAt: fact.at,
  }
  if (fact.kind === 'alias') return { ...record, artist: `artist:${fact.artistId}` }
  return {
    ...record,
    artist: fact.kind === 'album' && fact.artistId !== null ? `artist:${fact.artistId}` : null,
    name: fact.name ? `name:${foldText(fact.name)}` : null,
    label: fact.name || null,
    genre: fact.genre ? `genre:${foldText(fact.genre)}` : null,
  }
}
