/** What happened: the data set as single acts of listeners, spread over time. The same for the same seed and day. */
import { createHash } from 'node:crypto'
import type { DataSet, Tagging } from './data-set.ts'
import { seededRandom } from './random.ts'

export interface Artist {
  id: string
  /** undefined: the data set tags the artist but does not name it. */
  name: string | undefined
  /** No other artist has a name that could be taken for this one. */
  hasOwnName: boolean
  /** Every artist has one album. */
  albumId: string
  /** The key of each of the album's tracks; track numbers begin at 1. */
  trackKeys: string[]
  /** What it is tagged most; undefined where it never was. */
  genre: string | undefined
}

/**
 * How an event says whom it belongs to. `catalogue`: ids and name of everything. `front-end`: album and name. `script`:
 * the artist's id as `entityId`, and the album. `name`: only the artist's name.
 */
export type Form = 'catalogue' | 'front-end' | 'script' | 'name'

export interface Fact {
  kind: 'play' | 'like' | 'follow' | 'order'
  at: number
  user: string
  anonymous: boolean
  artist: Artist
  form: Form
  /** Tells the facts of a user and an artist apart. */
  n: number
  /** Plays and likes. */
  track: number
  /** A play that was too short to count. */
  skip: boolean
  genre: string | undefined
  /** Orders. */
  cents: number
}

export interface FactOptions {
  /** Of a user and an artist. */
  playsCap: number
  seed: number
  /** Everything happened before it; plays in the year before it. */
  before: number
}

const DAY_MS = 86_400_000
const TRACKS = 12
/** A listener with this many plays of an artist has bought something of it. */
const FAN_PLAYS = 2_000
/** How much is listened to in each hour of the day. */
const HOURS = [3, 2, 1, 1, 1, 1, 2, 4, 6, 6, 6, 7, 7, 7, 7, 8, 9, 10, 11, 12, 12, 10, 8, 5]
const HOURS_SUM = HOURS.reduce((sum, weight) => sum + weight)

/** All facts, in the order of their time. */
export function factsOf(dataSet: DataSet, options: FactOptions): Fact[] {
  const maker = new FactMaker(dataSet, options)
  for (const { user, artist, plays } of dataSet.listenings) maker.listen(user, artist, plays)
  const last = dataSet.taggings.reduce((latest, { day }) => Math.max(latest, day), Number.NEGATIVE_INFINITY)
  for (const tagging of dataSet.taggings) maker.tag(tagging, options.before - DAY_MS - last)
  return maker.facts.sort((a, b) => a.at - b.at || a.n - b.n)
}

class FactMaker {
  facts: Fact[] = []
  #random: () => number
  #options: FactOptions
  #artists: Map<string, Artist>
  #tags: Map<string, string>
  #tagOf: Map<string, string>
  #introduced = new Set<Artist>()
  #followers = new Set<string>()

  constructor(dataSet: DataSet, options: FactOptions) {
    this.#options = options
    this.#random = seededRandom(options.seed)
    this.#artists = artistsOf(dataSet)
    this.#tags = dataSet.tags
    this.#tagOf = new Map(dataSet.taggings.map(({ user, artist, tag }) => [`${user} ${artist}`, tag]))
  }

  /** A user's plays of an artist, at most `playsCap`, and an order where there were very many. */
  listen(user: string, artistId: string, plays: number): void {
    const artist = this.#artists.get(artistId)!
    const tag = this.#tagOf.get(`${user} ${artistId}`)
    const genre = (tag && this.#tags.get(tag)) ?? artist.genre
    for (let n = 0; n < Math.min(plays, this.#options.playsCap); n++) {
      const form = this.#playForm(artist)
      const isCatalogue = form === 'catalogue'
      this.#add('play', user, artist, {
        form,
        n,
        at: this.#recently(),
        track: 1 + Math.floor(TRACKS * this.#random() ** 2),
        anonymous: this.#random() < 0.03,
        skip: isCatalogue && this.#random() < 0.05,
        genre: isCatalogue ? genre : undefined,
      })
    }
    if (plays >= FAN_PLAYS) {
      const form = this.#random() < 0.5 ? 'catalogue' : 'script'
      this.#add('order', user, artist, { form, at: this.#recently(), cents: 499 + Math.floor(this.#random() * 1000) })
    }
  }

  /** The first tag that a user gives an artist is a follow, every other one a like; `shift` brings them near today. */
  tag({ user, artist: artistId, tag, day }: Tagging, shift: number): void {
    const artist = this.#artists.get(artistId)!
    const pair = `${user} ${artistId}`
    // The data set's days are mostly the first of a month.
    const at = Math.min(day + shift + Math.floor(this.#random() * 28 * DAY_MS), this.#options.before - 1)
    if (!this.#followers.has(pair)) {
      this.#followers.add(pair)
      const form = this.#introduce(artist) || this.#random() < 0.7 ? 'front-end' : 'script'
      this.#add('follow', user, artist, { form, n: Number(tag), at })
      return
    }
    const form = this.#random() < 0.8 ? 'front-end' : 'script'
    this.#add('like', user, artist, { form, n: Number(tag), at, track: 1 + Math.floor(TRACKS * this.#random()) })
  }

  #add(kind: Fact['kind'], user: string, artist: Artist, more: Pick<Fact, 'at' | 'form'> & Partial<Fact>): void {
    const fact: Fact = {
      kind,
      user,
      artist,
      anonymous: false,
      n: 0,
      track: 0,
      skip: false,
      genre: undefined,
      cents: 0,
      ...more,
    }
    // The script's time stamps have no milliseconds.
    if (fact.form === 'script') fact.at -= ((fact.at % 1000) + 1000) % 1000
    this.facts.push(fact)
  }

  /** Whether nothing has named the artist's id together with its album and name yet: the first fact always does. */
  #introduce(artist: Artist): boolean {
    if (this.#introduced.has(artist)) return false
    this.#introduced.add(artist)
    return true
  }

  #playForm(artist: Artist): Form {
    if (this.#introduce(artist)) return 'catalogue'
    const chance = this.#random()
    if (chance < 0.5) return 'front-end'
    if (chance < 0.75) return 'catalogue'
    return chance < 0.95 || !artist.hasOwnName ? 'script' : 'name'
  }

  /** Within the last year, more of late, and more in the evening. */
  #recently(): number {
    const day = 1 + Math.floor(364 * this.#random() ** 1.7)
    let left = this.#random() * HOURS_SUM
    let hour = 0
    while (left >= HOURS[hour]!) left -= HOURS[hour++]!
    return this.#options.before - day * DAY_MS + hour * 3_600_000 + Math.floor(this.#random() * 3_600_000)
  }
}

function artistsOf({ artists: names, tags, listenings, taggings }: DataSet): Map<string, Artist> {
  const bearers = new Map<string, number>()
  for (const name of names.values()) bearers.set(looseName(name), (bearers.get(looseName(name)) ?? 0) + 1)
  const genres = mostGivenTags(taggings)
  const ids = new Set([...names.keys(), ...listenings.map(({ artist }) => artist), ...taggings.map(t => t.artist)])
  return new Map(
    [...ids].map(id => {
      const name = names.get(id)
      const albumId = createHash('sha256').update(`album of ${id}`).digest('hex').slice(0, 24)
      const artist: Artist = {
        id,
        name,
        hasOwnName: name !== undefined && looseName(name) !== '' && bearers.get(looseName(name)) === 1,
        albumId,
        trackKeys: Array.from({ length: TRACKS + 1 }, (_, number) => `${albumId}_${number}`),
        genre: tags.get(genres.get(id) ?? ''),
      }
      return [id, artist]
    }),
  )
}

/** Coarser than any comparison of names, so that names that differ here differ everywhere. */
function looseName(name: string): string {
  return name.normalize('NFKD').toUpperCase().toLowerCase().trim()
}

function mostGivenTags(taggings: readonly Tagging[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { artist, tag } of taggings) {
    const ofArtist = counts.getOrInsertComputed(artist, () => new Map())
    ofArtist.set(tag, (ofArtist.get(tag) ?? 0) + 1)
  }
  return new Map([...counts].map(([artist, tags]) => [artist, [...tags].sort((a, b) => b[1] - a[1])[0]![0]]))
}
