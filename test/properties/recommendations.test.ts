/** Recommendations from a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CatalogueAlbum } from '../../src/catalogue/answers.ts'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import { albumPlays } from '../../src/recommendations/album-plays.ts'
import { type ListenerProfile, listenerHad, listenerProfile } from '../../src/recommendations/listener-profile.ts'
import { type PopularArtist, popularArtists } from '../../src/recommendations/popular-artists.ts'
import type { Recommendation } from '../../src/recommendations/recommendation.ts'
import { similarByGenre } from '../../src/recommendations/similar-by-genre.ts'
import type { Figures, Measure } from '../../src/storage/figures.ts'
import { type ListSources, listWithoutModel } from '../support/list-without-model.ts'
import { Naive } from '../support/naive.ts'
import { naiveFold } from '../support/naive-fold.ts'
import { naiveOrder } from '../support/naive-order.ts'
import { type NaiveEvent, naiveCredits } from '../support/naive-rules.ts'
import { withEvents } from '../support/query-store.ts'
import { catalogueFacts, instants, randomEvents } from '../support/random-events.ts'

const USERS = ['u1', 'u2', 'nobody', 'anonymous', 'undefined', ' Anonymous']
const OWN_ALBUMS = ['65f000000000000000000001', '65f000000000000000000002', 'a1', 'a2']
const YEAR_MS = 365 * 86_400_000

const genres = fc.constantFrom('Rock', 'ROCK', 'Jazz', 'Rockabilly', 'ήχος', 'ΉΧΟΣ', null)

const albums: fc.Arbitrary<CatalogueAlbum[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(...OWN_ALBUMS, '9', '10', 'x', 'y', 'z'),
    title: fc.constantFrom('Album', null),
    artistName: fc.constantFrom('Ana', null),
    artistId: fc.constant(null),
    genre: genres,
    coverImage: fc.constant(null),
    releaseDate: fc.constant(null),
    releaseYear: fc.constant(null),
    tracks: fc.constant([]),
    hasAllTracks: fc.constant(true),
    isHidden: fc.constant(false),
  }),
  { selector: ({ id }) => id, maxLength: 9, size: 'max' },
)

/** Facts in which artists may have genres. */
const facts: fc.Arbitrary<ReadonlyMap<string, CatalogueRecord>> = fc
  .tuple(catalogueFacts, fc.constantFrom('Rock', 'Jazz', null))
  .map(([facts, genre]) => {
    const known = [...facts].map(([thing, fact]): [string, CatalogueRecord] => {
      return [thing, fact.kind === 'artist' && thing === 'artist:4' ? { ...fact, genre } : fact]
    })
    return new Map(known)
  })

type Counts = Record<Measure, number>

interface PlainProfile {
  shares: Map<string, number>
  /** The things of each genre, those of most weight first. */
  things: Map<string, string[]>
  hadAlbums: Set<string>
  hadArtists: Set<string>
  ownAlbumPlays: Map<string, number>
}

/** Everything by scanning. */
class Plain {
  #events: NaiveEvent[]
  #facts: ReadonlyMap<string, CatalogueRecord>
  #naive: Naive

  constructor(events: readonly IngestedEvent[], facts: ReadonlyMap<string, CatalogueRecord>) {
    this.#events = events.map(naiveCredits)
    this.#facts = facts
    this.#naive = new Naive(events, facts)
  }

  profile(user: string): PlainProfile {
    const items = [...this.#items(user)].map(([thing, counts]) => ({ thing, counts, weight: weightOf(counts) }))
    items.sort(
      (a, b) => b.weight - a.weight || naiveOrder(bare(a.thing), bare(b.thing)) || (a.thing < b.thing ? -1 : 1),
    )
    const profile: PlainProfile = {
      shares: new Map(),
      things: new Map(),
      hadAlbums: new Set(),
      hadArtists: new Set(),
      ownAlbumPlays: new Map(),
    }
    const artistPlays = new Map<string, number>()
    for (const { thing, counts, weight } of items.filter(({ weight }) => weight > 0)) {
      const genre = this.#genre(thing)
      if (genre) {
        profile.shares.set(genre, (profile.shares.get(genre) ?? 0) + weight)
        profile.things.set(genre, [...(profile.things.get(genre) ?? []), thing])
      }
      const album = this.#albumOf(thing)
      const artist = this.#artistOf(thing)
      if (album) add(profile.ownAlbumPlays, bare(album), counts.plays)
      if (artist) add(artistPlays, bare(artist), counts.plays)
      if (album && counts.likes + counts.purchases > 0) profile.hadAlbums.add(bare(album))
      if (artist && counts.likes + counts.purchases + counts.follows > 0) profile.hadArtists.add(bare(artist))
    }
    for (const [album, plays] of profile.ownAlbumPlays) if (plays > 3) profile.hadAlbums.add(album)
    for (const [artist, plays] of artistPlays) if (plays > 3) profile.hadArtists.add(artist)
    const total = [...profile.shares.values()].reduce((a, b) => a + b, 0)
    for (const [genre, weight] of profile.shares) profile.shares.set(genre, weight / total)
    return profile
  }

  /** Of the year up to an instant, or of all time. */
  popular(now: number | null, limit: number): PopularArtist[] {
    const followed = now === null ? this.#everFollowed() : this.#followed(now)
    const plays = new Map<string, number>()
    const end = now ?? Number.POSITIVE_INFINITY
    const start = now === null ? Number.NEGATIVE_INFINITY : now - YEAR_MS
    for (const { at, credits } of this.#counted().filter(({ measure }) => measure === 'plays')) {
      if (at <= start || at > end) continue
      for (const { key } of credits) add(plays, this.#naive.owner(key), 1)
    }
    const played = [...plays]
      .filter(([owner]) => owner.startsWith('artist:') && !followed.some(([artist]) => artist === owner))
      .sort(([a, x], [b, y]) => y - x || naiveOrder(bare(a), bare(b)))
    const artists = (ranked: [string, number][], countOf: PopularArtist['countOf']) =>
      ranked.map(([owner, count]): PopularArtist => ({ id: bare(owner), name: this.#name(owner), count, countOf }))
    return [...artists(followed, 'follows'), ...artists(played, 'plays')].slice(0, limit)
  }

  #followed(now: number): [string, number][] {
    return this.#naive
      .trending({ kind: 'artists', period: 'year', limit: Number.POSITIVE_INFINITY }, now, null)
      .filter(({ key }) => key.startsWith('artist:'))
      .map(({ key, count }) => [key, count])
  }

  #everFollowed(): [string, number][] {
    const follows = new Map<string, number>()
    const last = new Map<string, number>()
    for (const { at, by, credits } of this.#counted().filter(({ measure }) => measure === 'follows')) {
      for (const { key } of credits) {
        const owner = this.#naive.owner(key)
        follows.set(owner, (follows.get(owner) ?? 0) + by)
        last.set(owner, Math.max(last.get(owner) ?? at, at))
      }
    }
    return [...follows]
      .filter(([owner, count]) => owner.startsWith('artist:') && count > 0)
      .sort(([a, x], [b, y]) => y - x || last.get(b)! - last.get(a)! || naiveOrder(bare(a), bare(b)))
  }

  plays(album: string): number {
    return this.#counted().filter(event => event.measure === 'plays' && event.album === `album:${album}`).length
  }

  /** Net numbers of each thing, none below zero. */
  #items(user: string): Map<string, Counts> {
    const items = new Map<string, Counts>()
    for (const event of this.#counted().filter(({ listener }) => listener === user)) {
      for (const named of thingsOf(event)) {
        const thing = /^(artist|name):/.test(named) ? this.#naive.owner(named) : named
        if (!/^(track|album|artist):/.test(thing)) continue
        const counts = items.get(thing) ?? { plays: 0, likes: 0, follows: 0, purchases: 0 }
        counts[event.measure!] += event.by
        items.set(thing, counts)
      }
    }
    for (const counts of items.values()) {
      for (const measure of Object.keys(counts) as Measure[]) counts[measure] = Math.max(0, counts[measure])
    }
    return items
  }

  #genre(thing: string): string | undefined {
    const album = this.#albumOf(thing)
    const fact = this.#facts.get(album ?? thing)
    if (fact && fact.kind !== 'alias' && fact.genre) return naiveFold(fact.genre)
    const taught = this.#most(thing, 'genre') ?? (album && this.#most(album, 'genre'))
    if (taught) return bare(taught)
    return thing.startsWith('artist:') ? this.#genreOfAlbums(thing) : undefined
  }

  #genreOfAlbums(artist: string): string | undefined {
    const credited = this.#events.flatMap(({ credits }) => credits.map(({ key }) => key))
    const taught = this.#events.flatMap(({ associations }) => associations.map(({ from }) => from))
    const albums = [...new Set([...credited, ...taught, ...this.#facts.keys()])]
    const counts = new Map<string, number>()
    for (const album of albums) {
      if (!album.startsWith('album:') || this.#naive.owner(album) !== artist) continue
      const genre = this.#genre(album)
      if (genre) add(counts, genre, 1)
    }
    return [...counts].sort(([a, x], [b, y]) => y - x || naiveOrder(a, b))[0]?.[0]
  }

  #albumOf(thing: string): string | undefined {
    return thing.startsWith('album:') ? thing : this.#most(thing, 'album')
  }

  #artistOf(thing: string): string | undefined {
    const album = this.#albumOf(thing)
    const ofAlbum = album && this.#naive.owner(album)
    const own = thing.startsWith('track:') ? (this.#most(thing, 'artist') ?? this.#most(thing, 'name')) : thing
    const owner = ofAlbum && !ofAlbum.startsWith('album:') ? ofAlbum : own && this.#naive.owner(own)
    return owner?.startsWith('artist:') ? owner : undefined
  }

  #name(artist: string): string | null {
    const fact = this.#facts.get(artist)
    const label = this.#most(artist, 'label')
    return (fact?.kind === 'artist' && fact.name) || (label ? bare(label) : null)
  }

  #counted(): NaiveEvent[] {
    return this.#events.filter(({ counted }) => counted)
  }

  #most(thing: string, kind: string): string | undefined {
    const counts = new Map<string, number>()
    for (const { from, to } of this.#events.flatMap(({ associations }) => associations)) {
      if (from === thing && to.startsWith(`${kind}:`)) add(counts, to, 1)
    }
    return [...counts].sort(([a, x], [b, y]) => y - x || naiveOrder(bare(a), bare(b)))[0]?.[0]
  }
}

function thingsOf({ measure, track, album, credits }: NaiveEvent): string[] {
  const keys = credits.map(({ key }) => key)
  if (measure === 'purchases') {
    // Of each line its album once, else everybody whom it names; what is kept in spite of a refund is no part of it.
    return credits
      .filter(({ by, part, album }) => by !== 0 && (album === undefined || part === 0))
      .map(({ key, album }) => album ?? key)
  }
  return track !== undefined ? [track] : album !== undefined ? [album] : keys
}

const weightOf = ({ plays, likes, follows, purchases }: Counts): number =>
  Math.log2(1 + plays + 7 * likes + 15 * follows + 31 * purchases)

const bare = (thing: string): string => thing.slice(thing.indexOf(':') + 1)

function add(sums: Map<string, number>, key: string, by: number): void {
  if (by !== 0) sums.set(key, (sums.get(key) ?? 0) + by)
}

function compareProfiles(profile: ListenerProfile, plain: PlainProfile): void {
  assert.deepEqual(structuredClone(profile), profile)
  assert.deepEqual(profile.hadAlbums, plain.hadAlbums)
  assert.deepEqual(profile.hadArtists, plain.hadArtists)
  assert.deepEqual(profile.ownAlbumPlays, plain.ownAlbumPlays)
  assert.deepEqual(profile.genres.map(({ genre }) => genre).sort(), [...plain.shares.keys()].sort())
  for (const { genre, share, because } of profile.genres) {
    assert.ok(Math.abs(share - plain.shares.get(genre)!) < 1e-9, genre)
    assert.deepEqual(
      because.map(({ type, id }) => `${type}:${id}`),
      plain.things.get(genre)!.slice(0, 100),
    )
    const shares = because.reduce((sum, { share }) => sum + share, 0)
    assert.ok(Math.abs(shares - 1) < 1e-9, genre)
  }
  const falling = profile.genres.toSorted((a, b) => b.share - a.share || (a.genre < b.genre ? -1 : 1))
  assert.deepEqual(profile.genres, falling)
}

/** The albums of the listener's genres as the method says: again and again the greatest quotient. */
function expectedAlbums(profile: ListenerProfile, catalogue: readonly CatalogueAlbum[], plain: Plain): string[] {
  const others = ({ id }: CatalogueAlbum) => Math.max(0, plain.plays(id) - (profile.ownAlbumPlays.get(id) ?? 0))
  const quotients = profile.genres.slice(0, 5).flatMap(({ genre, share }, place) =>
    catalogue
      .filter(album => album.genre !== null && naiveFold(album.genre) === genre && !profile.hadAlbums.has(album.id))
      .sort((a, b) => others(b) - others(a) || naiveOrder(a.id, b.id))
      .map(({ id }, i) => ({ id, place, quotient: share / (i + 1) })),
  )
  return quotients.sort((a, b) => b.quotient - a.quotient || a.place - b.place).map(({ id }) => id)
}

function sourcesOf(figures: Figures, catalogue: readonly CatalogueAlbum[], now: number): ListSources {
  return {
    profile: user => figures.ask(reads => listenerProfile(reads, user)),
    albumPlays: ids => figures.ask(reads => albumPlays(reads, ids)),
    popularArtists: since => figures.ask(reads => popularArtists(reads, since === 'ever' ? null : now, 100)),
    // As the catalogue finds them: `rock` finds Rockabilly too.
    albumsOfGenre: async genre =>
      catalogue.filter(album => album.genre && naiveFold(album.genre).includes(naiveFold(genre))),
  }
}

function checkList(rows: readonly Recommendation[], profile: ListenerProfile, limit: number): void {
  assert.ok(rows.length <= limit)
  assert.equal(new Set(rows.map(({ type, id }) => `${type}:${id}`)).size, rows.length)
  for (const { type, id, score } of rows) {
    assert.ok(!(type === 'album' ? profile.hadAlbums : profile.hadArtists).has(id))
    assert.ok(score > 0 && score <= 1)
  }
  const scores = rows.map(({ score }) => score)
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  )
}

test('recommendations equal a plain scan of the events, in whatever order they arrived', async () => {
  const shuffled = randomEvents(60).chain(events =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length })),
  )
  const property = fc.asyncProperty(
    shuffled,
    fc.oneof(fc.constant(new Map<string, CatalogueRecord>()), facts, facts),
    albums,
    instants,
    fc.integer({ min: 1, max: 8 }),
    async ([events, otherOrder], facts, catalogue, now, limit) => {
      const plain = new Plain(events, facts)
      const answers: Recommendation[][] = []
      const compare = async (figures: Figures) => {
        const sources = sourcesOf(figures, catalogue, now)
        for (const user of USERS) {
          const profile = await sources.profile(user)
          const { hadAlbums, hadArtists } = profile
          const had = await figures.ask(reads => listenerHad(reads, user))
          assert.deepEqual(had, { hadAlbums, hadArtists })
          compareProfiles(profile, plain.profile(user))
          const rows = await listWithoutModel(user, limit, sources)
          checkList(rows, profile, limit)
          const all = await listWithoutModel(user, 100, sources)
          assert.deepEqual(rows, all.slice(0, limit))
          const fresh = (since: number | null) =>
            plain.popular(since, 100).filter(({ id }) => !profile.hadArtists.has(id))
          const popular = fresh(now).length > 0 ? fresh(now) : fresh(null)
          const expected = [...expectedAlbums(profile, catalogue, plain), ...popular.map(({ id }) => id)]
          assert.deepEqual(
            all.map(({ id }) => id),
            expected,
          )
          answers.push(all)
        }
        for (const count of [limit, 100]) {
          for (const since of [now, null]) {
            const popular = await figures.ask(reads => popularArtists(reads, since, count))
            assert.deepEqual(popular, plain.popular(since, count))
          }
        }
      }
      await withEvents(events, 2, compare, facts)
      await withEvents(otherOrder, 3, compare, facts)
      assert.deepEqual(answers.slice(USERS.length), answers.slice(0, USERS.length))
    },
  )
  await fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 10_000 })
})

test('recommendations by genre are all of that genre, most played first, newest first where equal', () => {
  const plays = fc.dictionary(fc.constantFrom(...OWN_ALBUMS, 'x', 'y'), fc.integer({ min: 1, max: 3 }))
  const property = fc.property(
    albums,
    plays,
    fc.constantFrom('rock', 'Jazz ', 'pop'),
    fc.constantFrom(undefined, 'x', 'a1'),
    fc.integer({ min: 1, max: 9 }),
    (catalogue, counts, genre, excludeId, limit) => {
      const playsOf = (id: string) => counts[id] ?? 0
      const rows = similarByGenre(catalogue, new Map(Object.entries(counts)), { genre, excludeId, limit })
      const fitting = catalogue
        .filter(album => album.genre !== null && naiveFold(album.genre) === naiveFold(genre) && album.id !== excludeId)
        .map(({ id }) => id)
      const order = fitting.toSorted((a, b) => playsOf(b) - playsOf(a) || fitting.indexOf(a) - fitting.indexOf(b))
      const greatest = Math.max(1, ...fitting.map(playsOf))
      assert.deepEqual(
        rows.map(({ id, score }) => [id, score]),
        order.slice(0, limit).map(id => [id, playsOf(id) / greatest]),
      )
    },
  )
  fc.assert(property)
})
