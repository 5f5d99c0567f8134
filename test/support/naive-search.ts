/** The search as a plain scan of all events and records gives it: by substrings, and by edit distance written out. */
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import type { SearchQuestion } from '../../src/search/search.ts'
import { Naive } from './naive.ts'
import { naiveFold } from './naive-fold.ts'
import { trackKey } from './naive-named.ts'
import { naiveOrder } from './naive-order.ts'
import { type NaiveEvent, naiveCredits } from './naive-rules.ts'

const KINDS = ['artist', 'album', 'track']

interface Found {
  key: string
  type: string
  plays: number
  match: string
}

/** The rows of an answer, best first. `said`: the catalogue's records, the later ones instead of earlier ones. */
export function naiveSearch(
  events: readonly IngestedEvent[],
  said: readonly ReadonlyMap<string, CatalogueRecord>[],
  { q, kind, limit }: SearchQuestion,
): Found[] {
  const naive = new Naive(events, new Map(said.flatMap(records => [...records])))
  const credited = events.map(naiveCredits)
  const things = [...new Set(said.flatMap(records => [...thingsOf(credited, records)]))]
  const rows = things.flatMap((thing): (Found & { id: string; rank: number })[] => {
    const [type, ...rest] = thing.split(':')
    const id = rest.join(':')
    const isArtist = type === 'artist' || type === 'name'
    if (!['artist', 'name', 'album', 'track'].includes(type!) || (isArtist && naive.owner(thing) !== thing)) return []
    const ids = isArtist ? aliasesOf(naive, thing, things) : [id]
    const match = matchOf(q, type === 'name' ? [] : ids, wordsOfThing(naive, thing, things))
    if (!match) return []
    const plays = playsOf(naive, thing, credited)
    const found = { key: isArtist ? thing : id, type: isArtist ? 'artist' : type!, plays, id }
    return [
      { ...found, match: match === 'whole' ? 'id' : match, rank: ['whole', 'id', 'name', 'similar'].indexOf(match) },
    ]
  })
  const asked = rows.filter(({ type }) => kind === undefined || type === kind)
  const hasId = asked.some(({ match }) => match === 'id')
  const exact = asked.filter(({ match }) => match !== 'similar')
  return asked
    .filter(({ match }) => match !== 'similar' || (!hasId && exact.length < limit))
    .sort(
      (a, b) =>
        Math.ceil(a.rank / 2) - Math.ceil(b.rank / 2) ||
        b.plays - a.plays ||
        KINDS.indexOf(a.type) - KINDS.indexOf(b.type) ||
        naiveOrder(a.id, b.id),
    )
    .slice(0, limit)
    .map(({ key, type, plays, match }) => ({ key, type, plays, match }))
}

/** All that events and records name. */
function thingsOf(events: readonly NaiveEvent[], records: ReadonlyMap<string, CatalogueRecord>): Set<string> {
  const things = new Set<string>()
  for (const { counted, measure, credits, track, album, associations, feedback } of events) {
    for (const { from, to } of associations) things.add(from).add(to)
    if (feedback) things.add(feedback.item)
    if (!counted) continue
    for (const { key } of credits) things.add(key)
    // An order names no track, whatever its entity is called.
    if (track && measure !== 'purchases') things.add(track)
    if (album) things.add(album)
  }
  for (const [thing, record] of records) {
    things.add(thing)
    if (record.kind !== 'alias' && record.name) things.add(`name:${naiveFold(record.name)}`)
    if (record.kind !== 'artist' && record.artistId !== null) things.add(`artist:${record.artistId}`)
    if (record.kind !== 'album') continue
    for (const { id } of record.tracks) things.add(`track:${trackKey(id, thing.slice('album:'.length))}`)
  }
  return things
}

const aliasesOf = (naive: Naive, artist: string, things: readonly string[]): string[] =>
  things.filter(thing => thing.startsWith('artist:') && naive.owner(thing) === artist).map(thing => thing.slice(7))

function wordsOfThing(naive: Naive, thing: string, things: readonly string[]): string[] {
  const label = naive.label(thing)
  const owned = /^(artist|name):/.test(thing) ? things.filter(other => naive.owner(other) === thing) : []
  // A name that nothing is called by any more.
  if (thing.startsWith('name:') && label === null && owned.length < 2) return []
  const names = owned.filter(other => other.startsWith('name:')).map(name => name.slice('name:'.length))
  return [label ?? '', ...names].flatMap(naiveWords)
}

function playsOf(naive: Naive, thing: string, events: readonly NaiveEvent[]): number {
  const plays = events.filter(({ measure, counted }) => measure === 'plays' && counted)
  if (thing.startsWith('track:')) return plays.filter(({ track }) => track === thing).length
  if (thing.startsWith('album:')) return plays.filter(({ album }) => album === thing).length
  return plays.flatMap(({ credits }) => credits).filter(({ key }) => naive.owner(key) === thing).length
}

function naiveWords(text: string): string[] {
  const bare = naiveFold(text).normalize('NFD').replace(/\p{M}/gu, '')
  return naiveFold(bare)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
}

type Match = 'whole' | 'id' | 'name' | 'similar'

function matchOf(q: string, ids: readonly string[], words: readonly string[]): Match | undefined {
  const isId = (test: (id: string) => boolean) => ids.some(id => test(id.toLowerCase()))
  if (isId(id => id === q.toLowerCase())) return 'whole'
  if (q.length >= 8 && isId(id => id.startsWith(q.toLowerCase()))) return 'id'
  const asked = naiveWords(q)
  if (asked.length === 0) return undefined
  const isExact = (word: string) =>
    words.some(other => (word.length > 2 ? other.includes(word) : other.startsWith(word)))
  if (asked.every(isExact)) return 'name'
  const isSimilar = asked.some(
    (word, i) =>
      word.length >= 4 &&
      words.some(other => distance(word, other) === 1) &&
      asked.every((each, j) => i === j || isExact(each)),
  )
  return isSimilar ? 'similar' : undefined
}

/** Optimal string alignment: letters changed, added, left out, or swapped with their neighbour. */
function distance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  )
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + cost)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1)
    }
  }
  return d[a.length]![b.length]!
}
