/** Finds artists, albums and tracks by name or id, those most played first. */
import { compareIds, entityRef, idInAlbum } from '../identity/entity-ref.ts'
import type { Described, Keyed } from '../statistics/describe.ts'
import { type Entry, type IndexFile, kindOf, lowerAscii, SEARCH_KINDS, type SearchKind } from './index-file.ts'
import { exactQuery, matches, matchesSimilar, mayBeSimilar, similarQuery } from './matching.ts'
import { wordsOf } from './words.ts'

/** A shorter beginning of an id would find too many. */
const ID_BEGINNING = 8
/** Entries that are looked at for one kind and way of matching. */
const MAX_CANDIDATES = 1_000
/** Words of the question that are looked at. */
const MAX_WORDS = 20

export interface SearchQuestion {
  q: string
  kind?: SearchKind | undefined
  limit: number
}

/** `id`: the text is the id, or its beginning; `name`: its words are in the name; `similar`: but for one letter a word. */
export type Match = 'id' | 'name' | 'similar'

/** An artist, an album or a track as in rankings, with its counted plays of all time. */
export type SearchRow = Keyed & Described & { plays: number; match: Match }

export interface SearchAnswer {
  items: SearchRow[]
  /** False where there may be more, or others with more plays: too many were found to look at all, or the index is not complete. */
  isComplete: boolean
}

interface Found {
  entry: Entry
  match: Match
}

/**
 * Whole ids come first, then names and beginnings of ids, then what is misspelt, unless an id was found; among these those most played first, then
 * by kind and id.
 */
export function search(file: IndexFile, { q, kind, limit }: SearchQuestion): SearchAnswer {
  const asked = wordsOf(q).slice(0, MAX_WORDS)
  const kinds = kind ? [kind] : SEARCH_KINDS
  const found = new Map<number, Found>()
  let isComplete = findIds(file, q, kinds, found)
  const find = (match: 'name' | 'similar', query: string, isMatch: (words: readonly string[]) => boolean) => {
    for (const each of kinds) {
      const { entries, isAll } = best(file.found(each, query), limit, isMatch)
      for (const entry of entries) if (!found.has(entry.id)) found.set(entry.id, { entry, match })
      isComplete &&= isAll
    }
  }
  const isId = found.size > 0
  if (asked.length > 0) find('name', exactQuery(asked), words => matches(asked, words))
  if (!isId && found.size < limit && mayBeSimilar(asked)) {
    find('similar', similarQuery(asked), words => matchesSimilar(asked, words) && !matches(asked, words))
  }
  const rank = ({ entry, match }: Found) => (match === 'similar' ? 2 : match === 'id' && isWhole(entry, q) ? 0 : 1)
  const sorted = [...found.values()].sort((a, b) => rank(a) - rank(b) || byPlays(a.entry, b.entry))
  return { items: sorted.slice(0, limit).map(each => rowOf(file, each)), isComplete }
}

const isWhole = ({ ref }: Entry, q: string): boolean => lowerAscii(ref) === lowerAscii(q)

function byPlays(a: Entry, b: Entry): number {
  return (
    b.plays - a.plays || SEARCH_KINDS.indexOf(kindOf(a)) - SEARCH_KINDS.indexOf(kindOf(b)) || compareIds(a.ref, b.ref)
  )
}

/** Adds what is found by id. Another id of an artist finds the artist. */
function findIds(file: IndexFile, q: string, kinds: readonly SearchKind[], found: Map<number, Found>): boolean {
  const entries = file.withId(q, MAX_CANDIDATES, q.length >= ID_BEGINNING)
  for (const each of entries) {
    const entry = each.kind === 'artist' ? file.entry(each.owner) : each
    if (entry && kinds.includes(kindOf(each))) found.set(entry.id, { entry, match: 'id' })
  }
  return entries.length < MAX_CANDIDATES
}

/**
 * At least `limit` of the entries that match, those most played first, where there are so many. Entries come in steps of
 * plays: after the step of the last one needed, all others are played less.
 */
function best(
  candidates: Iterable<Entry & { step: number }>,
  limit: number,
  isMatch: (words: readonly string[]) => boolean,
): { entries: Entry[]; isAll: boolean } {
  const entries: Entry[] = []
  let looked = 0
  let lastStep = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    if (candidate.step > lastStep) break
    if (looked++ >= MAX_CANDIDATES) return { entries, isAll: false }
    if (!isMatch(candidate.words.trim().split(/ +/))) continue
    entries.push(candidate)
    if (entries.length >= limit) lastStep = candidate.step
  }
  return { entries, isAll: true }
}

function rowOf(file: IndexFile, { entry, match }: Found): SearchRow {
  const { ref, label, plays } = entry
  const common = { enriched: false, plays, match }
  if (entry.kind === 'artist' || entry.kind === 'name') {
    const key = entityRef(entry.kind, ref)
    const id = entry.kind === 'artist' ? ref : key
    return { ...common, type: 'artist', key, id, entityId: ref, name: label, profileImage: null }
  }
  const release = { ...common, key: ref, id: ref, title: label, coverImage: null, url: null }
  const artistName = nameOfOwner(file, entry)
  if (entry.kind === 'album') return { ...release, type: 'album', albumId: ref, artistName }
  const albumId = entry.album === null ? null : (file.entry(entry.album)?.ref ?? null)
  const trackId = albumId === null ? null : idInAlbum(ref, albumId)
  return { ...release, type: 'track', trackId, albumId, artistName }
}

/** How the artist of an album is called; of a track, that of its album, else the one that events name with it. */
function nameOfOwner(file: IndexFile, { id, kind, album, named, owner }: Entry): string | null {
  const key = kind === 'track' ? album : id
  const ofAlbum = key === null ? undefined : kind === 'track' ? file.entry(key)?.owner : owner
  const artist = ofAlbum === undefined || ofAlbum === key ? named && (file.entry(named)?.owner ?? null) : ofAlbum
  return artist === null ? null : (file.entry(artist)?.label ?? null)
}
