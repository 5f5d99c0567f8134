/**
 * Plays, likes and follows of artists in the window of an alert: of one artist, and of all that reach a threshold.
 *
 * The second is asked after every ingestion. So it begins with a bound: all that the quarters of an hour that the window
 * touches were given, without what was taken back. Few artists reach a threshold by that. Only theirs are looked at more
 * closely, and the log only where an artist's last event leaves open what of a quarter is inside the window.
 */
import { SUBJECT_KPIS, subjectKpis, TAKEN_BACK } from '../projections/subject-kpis.ts'
import { type Instant, type Interval, QUARTER_MS, type Reads, type Totals } from '../storage/storage.ts'
import { Bindings, compareIds, idOf } from './bindings.ts'
import { cut, loggedEvents, readEdges, sumsOver } from './time-pieces.ts'

/** Numbers of events, net of those taken back, never below zero. */
export interface AlertCounts {
  plays: number
  likes: number
  follows: number
}

export interface AlertRule {
  /** Length of the window in milliseconds. */
  windowMs: number
  thresholds: AlertCounts
}

/** An artist at least one of whose counts has reached its threshold. */
export interface Breach {
  artistId: string
  counts: AlertCounts
}

/** What an artist has in the window that ends with `now`: after `now - windowMs`, up to and with `now`. */
export async function alertCounts(
  reads: Reads,
  artistId: string,
  windowMs: number,
  now: Instant,
): Promise<AlertCounts> {
  const window = windowOf(windowMs, now)
  const subjects = await new Bindings(reads).subjectsOf(artistId)
  const edges = await readEdges(reads, [window], new Set(subjects))
  const source = { projection: subjectKpis, table: SUBJECT_KPIS }
  const [sums] = await sumsOver(reads, source, subjects, [window], edges)
  const count = (field: string) => Math.max(0, sums!.get(field) ?? 0)
  return { plays: count('plays'), likes: count('likes'), follows: count('follows') }
}

/**
 * The artists that reach a threshold in the window that ends with `now`, by their id, with what they have in it. Those
 * in `except` are left out, and those of whom nothing was counted in the window, even where a threshold is 0.
 */
export async function breachingArtists(
  reads: Reads,
  { windowMs, thresholds }: AlertRule,
  now: Instant,
  except: ReadonlySet<string>,
): Promise<Breach[]> {
  const window = windowOf(windowMs, now)
  const pieces = piecesOf(window)
  const suspects = await suspectsOf(reads, window, thresholds, except)
  const candidates: Candidate[] = []
  for (const { artistId, subjects } of suspects) {
    const candidate = { artistId, subjects, parts: await partsOf(reads, subjects, pieces), tally: noTally() }
    if (reaches(atMost(candidate, pieces), thresholds)) candidates.push(candidate)
  }
  for (const [i, piece] of pieces.entries()) await addPiece(reads, piece, i, candidates)
  return candidates
    .filter(({ tally }) => isActive(tally) && reaches(shown(tally), thresholds))
    .map(({ artistId, tally }) => ({ artistId, counts: shown(tally) }))
    .sort((a, b) => compareIds(a.artistId, b.artistId))
}

const windowOf = (windowMs: number, now: Instant): Interval => ({ from: now - windowMs + 1, to: now + 1 })

function reaches(counts: AlertCounts, thresholds: AlertCounts): boolean {
  return counts.plays >= thresholds.plays || counts.likes >= thresholds.likes || counts.follows >= thresholds.follows
}

/** Fields of `subject_kpis`: the counts, which are net, and what was taken back of them. */
const FIELDS = ['plays', 'likes', 'follows', TAKEN_BACK.likes, TAKEN_BACK.follows] as const

type Field = (typeof FIELDS)[number]
type Tally = Record<Field, number>

const noTally = (): Tally => ({ plays: 0, likes: 0, follows: 0, unlikes: 0, unfollows: 0 })

function addTally(to: Tally, by: Tally): void {
  for (const field of FIELDS) to[field] += by[field]
}

function shown({ plays, likes, follows }: Tally): AlertCounts {
  return { plays: Math.max(0, plays), likes: Math.max(0, likes), follows: Math.max(0, follows) }
}

/** The counts as if nothing had been taken back: no part of what was counted has more. */
function given({ plays, likes, follows, unlikes, unfollows }: Tally): AlertCounts {
  return { plays, likes: likes + unlikes, follows: follows + unfollows }
}

function isActive(tally: Tally): boolean {
  const { plays, likes, follows } = given(tally)
  return plays + likes + follows + tally.unlikes + tally.unfollows > 0
}

/** The subjects of an artist with anything in the quarters that the window touches. */
interface Suspect {
  artistId: string
  subjects: string[]
}

/** Artists who can have reached a threshold, by what they were given in whole quarters. */
async function suspectsOf(
  reads: Reads,
  { from, to }: Interval,
  thresholds: AlertCounts,
  except: ReadonlySet<string>,
): Promise<Suspect[]> {
  const touched = { from: startOfQuarter(from), to: Math.ceil(to / QUARTER_MS) * QUARTER_MS }
  const columns = await readColumns(reads, touched)
  // Whose a subject is takes a while to find out: not where even all of them together have too little.
  if (!reaches(given(sumOfAll(columns)), thresholds)) return []
  const tallies = bySubject(columns)
  const owners = await new Bindings(reads).ownersOf(tallies.keys())
  const artists = new Map<string, Suspect & { tally: Tally }>()
  for (const [subject, tally] of tallies) {
    const owner = owners.get(subject)!
    const artistId = idOf(owner)
    if (!owner.startsWith('artist:') || except.has(artistId)) continue
    const artist = artists.get(artistId) ?? { artistId, subjects: [], tally: noTally() }
    artist.subjects.push(subject)
    addTally(artist.tally, tally)
    artists.set(artistId, artist)
  }
  return [...artists.values()].filter(({ tally }) => reaches(given(tally), thresholds))
}

const startOfQuarter = (at: Instant): Instant => Math.floor(at / QUARTER_MS) * QUARTER_MS

async function readColumns(reads: Reads, touched: Interval): Promise<Record<Field, Totals>> {
  const read = (field: Field) => reads.totals(SUBJECT_KPIS.name, { field, latest: 'last' }, [touched])
  return {
    plays: await read('plays'),
    likes: await read('likes'),
    follows: await read('follows'),
    unlikes: await read('unlikes'),
    unfollows: await read('unfollows'),
  }
}

function sumOfAll(columns: Record<Field, Totals>): Tally {
  const all = noTally()
  for (const field of FIELDS) all[field] = columns[field].sums[0]!.reduce((a, b) => a + b, 0)
  return all
}

function bySubject(columns: Record<Field, Totals>): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (const field of FIELDS) {
    const { length, sums } = columns[field]
    for (let row = 0; row < length; row++) {
      const sum = sums[0]![row]!
      // A subject has a row for its `last` alone too. Looking its name up is what costs.
      if (sum === 0) continue
      const subject = columns[field].key(row)
      const tally = tallies.get(subject) ?? noTally()
      tally[field] = sum
      tallies.set(subject, tally)
    }
  }
  return tallies
}

/** A piece of the window, and the quarters of an hour that hold it: more than it only at the window's ends. */
interface Piece {
  quarters: Interval
  inside: Interval
}

function piecesOf(window: Interval): Piece[] {
  const { quarters, edges } = cut(window)
  const pieces = edges.map((inside): Piece => {
    const from = startOfQuarter(inside.from)
    return { quarters: { from, to: from + QUARTER_MS }, inside }
  })
  if (quarters) pieces.push({ quarters, inside: quarters })
  return pieces.sort((a, b) => a.quarters.from - b.quarters.from)
}

/** What the cells of a piece's quarters say of an artist. */
interface Part {
  tally: Tally
  /** The last event in these quarters; `-Infinity` where there is none. */
  last: Instant
}

interface Candidate extends Suspect {
  /** One for each piece. */
  parts: Part[]
  /** What the artist has in the window, piece by piece added. */
  tally: Tally
}

async function partsOf(reads: Reads, subjects: readonly string[], pieces: readonly Piece[]): Promise<Part[]> {
  const quarters = pieces.map(piece => piece.quarters)
  const rows = await reads.sums(SUBJECT_KPIS.name, subjects, quarters)
  return rows.map(row => {
    const tally = noTally()
    for (const field of FIELDS) tally[field] = row.get(field) ?? 0
    return { tally, last: row.get('last') ?? Number.NEGATIVE_INFINITY }
  })
}

/** How much of a part lies in the window, as far as its last event tells. */
function extentOf({ last }: Part, { quarters, inside }: Piece): 'none' | 'some' | 'all' {
  if (last < inside.from) return 'none'
  return inside.from === quarters.from && last < inside.to ? 'all' : 'some'
}

/** What the artist can have in the window. */
function atMost({ parts }: Candidate, pieces: readonly Piece[]): AlertCounts {
  const most = noTally()
  for (const [i, part] of parts.entries()) {
    const extent = extentOf(part, pieces[i]!)
    if (extent === 'all') addTally(most, part.tally)
    if (extent === 'some') addTally(most, { ...noTally(), ...given(part.tally) })
  }
  return shown(most)
}

/** Adds what the candidates have in the piece at `index`; the log is read for all of them at once. */
async function addPiece(reads: Reads, piece: Piece, index: number, candidates: readonly Candidate[]): Promise<void> {
  const { intervals, sign } = logOf(piece)
  const open = new Map<string, Tally>()
  for (const { subjects, parts, tally } of candidates) {
    const part = parts[index]!
    const extent = extentOf(part, piece)
    if (extent === 'all' || (extent === 'some' && sign < 0)) addTally(tally, part.tally)
    if (extent === 'some') for (const subject of subjects) open.set(subject, tally)
  }
  if (open.size === 0) return
  for (const interval of intervals) await addLogged(reads, interval, sign, open)
}

/**
 * What to read of the log for a piece: what is inside, to be added, or what is outside, to be taken from the quarter.
 * The shorter of both; what comes after the window is as good as empty, for the window ends with now.
 */
function logOf({ quarters, inside }: Piece): { intervals: Interval[]; sign: 1 | -1 } {
  const before = { from: quarters.from, to: inside.from }
  const after = { from: inside.to, to: quarters.to }
  if (inside.to - inside.from <= before.to - before.from) return { intervals: [inside], sign: 1 }
  return { intervals: [before, after].filter(({ from, to }) => from < to), sign: -1 }
}

/** @param open the tally of each subject that counts. */
async function addLogged(
  reads: Reads,
  interval: Interval,
  sign: 1 | -1,
  open: ReadonlyMap<string, Tally>,
): Promise<void> {
  for await (const event of loggedEvents(reads, interval, new Set(open.keys()))) {
    for (const change of subjectKpis.fold(event)) {
      const tally = open.get(change.key)
      const field = FIELDS.find(known => known === change.field)
      if (tally && field && change.op === 'increment') tally[field] += sign * change.by
    }
  }
}
