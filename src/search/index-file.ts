/**
 * The search index, `search.db`: one row for each artist, name, album and track, and their words by trigrams (FTS5). It is
 * derived from the figures, and begun anew where it is missing, damaged, or of other figures.
 */
import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { isDamage } from '../storage/sqlite/transaction.ts'
import { indexed } from './matching.ts'
import { wordsOf } from './words.ts'

/** To be increased when the tables change, or what is in them for the same figures. */
const FORMAT = 1
const CACHE_KIB = 4_096

export const SEARCH_KINDS = ['artist', 'album', 'track'] as const
export type SearchKind = (typeof SEARCH_KINDS)[number]

/** What is known of an entity. Entities are numbers of the figures' dictionary. */
export interface Description {
  id: number
  kind: 'artist' | 'name' | 'album' | 'track'
  /** The id, or the folded name. */
  ref: string
  /** How it is spelled. */
  label: string | null
  /** The album of a track. */
  album: number | null
  /** The artist or name that most events name with a track. */
  named: number | null
  /** The artist or name that it belongs to; the entity itself where it belongs to none. */
  owner: number
}

/** Counted plays, or what they have changed by. */
export interface Plays {
  id: number
  /** Of events credited to this key. */
  own: number
  /** Of a track or an album: each event once. */
  plays: number
}

/** An entity as the index has it. */
export interface Entry extends Description {
  /** Of an artist: of all that belongs to it. */
  plays: number
  words: string
}

/** How far the index goes. */
export interface Position {
  /** The dictionary of the figures. */
  dictionary: string
  /** The state whose descriptions it has: an entry of the log, and an order of the catalogue's records. */
  describedSeq: number
  describedRecords: number
  /** Entities up to this number are in it. */
  names: number
  /** The entry of the log up to which plays are counted. */
  playsSeq: number
}

const SCHEMA = `
  CREATE TABLE position (
    format INTEGER, dictionary TEXT, describedSeq INTEGER, describedRecords INTEGER, names INTEGER, playsSeq INTEGER
  ) STRICT;
  -- place: the row among the texts of its kind; null where it has no words, or belongs to an artist.
  CREATE TABLE entities (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, label TEXT, album INTEGER, named INTEGER,
    owner INTEGER NOT NULL, own INTEGER NOT NULL, plays INTEGER NOT NULL, words TEXT NOT NULL, place INTEGER
  ) STRICT;
  CREATE INDEX entities_by_ref ON entities (lower(ref)) WHERE kind <> 'name';
  CREATE INDEX entities_by_owner ON entities (owner, kind);
  ${SEARCH_KINDS.map(
    kind => `CREATE VIRTUAL TABLE ${kind}_texts USING fts5(
      words, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
    );`,
  ).join('\n')}
`

/** Rows of the texts are ordered by plays, in steps of a factor of two, so that a search finds the most played first. */
const STEP = 2 ** 32
const STEPS = 54

/** The step of a number of plays: 0 for 2⁵³ and more, 54 for none. */
const stepOf = (plays: number): number => STEPS - (plays <= 0 ? 0 : Math.floor(Math.log2(plays)) + 1)

export class IndexFile {
  readonly #file: string
  #database: DatabaseSync
  #statements: ReturnType<typeof prepared>
  /** Undefined while it is to be begun. */
  #position: Position | undefined

  /** @throws SQLite's error where the folder can't be written */
  constructor(file: string) {
    this.#file = file
    this.#database = openOrBegin(file)
    this.#statements = prepared(this.#database)
    this.#position = this.#statements.position.get() as Position | undefined
  }

  get position(): Position | undefined {
    return this.#position
  }

  /** Throws away all that is in it. */
  reset(): void {
    this.#database.close()
    removeIndex(this.#file)
    this.#database = openOrBegin(this.#file)
    this.#statements = prepared(this.#database)
    this.#position = undefined
  }

  /** Throws away all that is in it, for new figures. */
  begin(position: Position): void {
    this.reset()
    this.#moveTo(position)
  }

  /**
   * Writes in one transaction, and moves the position. `work` may give other work of the thread its turn; searches see what
   * is written meanwhile.
   */
  async write(position: Position, work: () => Promise<void>): Promise<void> {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      await work()
      this.#moveTo(position)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** Writes a description instead of the entity's earlier one, and adds the entities that are to be settled to `unsettled`. */
  describe(description: Description, unsettled: Set<number>): void {
    const { id, kind, ref, label, album, named, owner } = description
    const before = this.#statements.entry.get(id) as unknown as Entry | undefined
    this.#statements.describe.run(id, kind, ref, label, album, named, owner)
    unsettled.add(id)
    if (kind === 'track') return
    if (before) unsettled.add(before.owner)
    unsettled.add(owner)
  }

  /** Adds plays, or, where `isTotal`, writes them instead of the earlier ones. */
  count({ id, own, plays }: Plays, isTotal: boolean, unsettled: Set<number>): void {
    const counted = this.#statements[isTotal ? 'setPlays' : 'addPlays'].get(own, plays, id)
    if (!counted) return
    unsettled.add(id)
    if (own !== 0) unsettled.add(counted.owner as number)
  }

  /** Brings the words, the plays and the place of an entity up to date. */
  settle(id: number): void {
    const found = this.#statements.entry.get(id) as unknown as (Entry & { place: number | null }) | undefined
    if (!found) return
    const { plays, words } = this.#whole(found)
    const isShown = words !== '' && (!isArtist(found) || found.owner === id)
    const place = isShown ? stepOf(plays) * STEP + id : null
    if (plays === found.plays && words === found.words && place === found.place) return
    this.#statements.settle.run(plays, words, place, id)
    if (words === found.words && place === found.place) return
    const texts = this.#statements.texts[kindOf(found)]
    if (found.place !== null) texts.remove.run(found.place)
    if (place !== null) texts.add.run(place, words)
  }

  entry(id: number): Entry | undefined {
    return this.#statements.entry.get(id) as unknown as Entry | undefined
  }

  /** Entities other than names whose id is the text in any case of ASCII letters or, where `orBegins`, begins with it; at most `limit`. */
  withId(text: string, limit: number, orBegins: boolean): Entry[] {
    const lower = lowerAscii(text)
    const end = orBegins ? `${lower}\u{10ffff}` : lower
    return this.#statements.withId.all(lower, end, limit) as unknown as Entry[]
  }

  /** Entries that a query finds, those of most plays first in steps of a factor of two. */
  found(kind: SearchKind, query: string): Iterable<Entry & { step: number }> {
    return this.#statements.texts[kind].find.iterate(query) as unknown as Iterable<Entry & { step: number }>
  }

  close(): void {
    this.#database.close()
  }

  /**
   * An artist or a name has the plays of all that belongs to it, and the words of its names. A name that nothing is called by
   * any more, as where the catalogue calls the artist otherwise now, has none.
   */
  #whole(entry: Entry): Pick<Entry, 'plays' | 'words'> {
    const label = entry.label === null ? [] : wordsOf(entry.label)
    if (!isArtist(entry)) return { plays: entry.plays, words: indexed(label) }
    const { plays, keys } = this.#statements.sumsOfOwner.get(entry.id) as { plays: number; keys: number }
    const isCalledSo = entry.kind === 'artist' || entry.label !== null || plays > 0 || keys > 1
    const names = isCalledSo ? (this.#statements.namesOfOwner.all(entry.id) as { ref: string }[]) : []
    const words = new Set([...label, ...names.flatMap(({ ref }) => wordsOf(ref))])
    return { plays, words: indexed([...words]) }
  }

  #moveTo(position: Position): void {
    const { dictionary, describedSeq, describedRecords, names, playsSeq } = position
    this.#database.exec('DELETE FROM position')
    this.#statements.move.run(FORMAT, dictionary, describedSeq, describedRecords, names, playsSeq)
    this.#position = position
  }
}

const isArtist = ({ kind }: Description): boolean => kind === 'artist' || kind === 'name'

/** What an entity is shown as: a name is an artist. */
export const kindOf = ({ kind }: Pick<Description, 'kind'>): SearchKind => (kind === 'name' ? 'artist' : kind)

/** As `lower` of SQLite. */
export const lowerAscii = (text: string): string => text.replaceAll(/[A-Z]/g, letter => letter.toLowerCase())

function removeIndex(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}

function openOrBegin(file: string): DatabaseSync {
  if (existsSync(file)) {
    const database = tryOpen(file)
    if (database) return database
    removeIndex(file)
  }
  const database = open(file)
  database.exec(SCHEMA)
  return database
}

/** Undefined where the file is damaged, or of another format. */
function tryOpen(file: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined
  try {
    database = open(file)
    const position = database.prepare('SELECT format FROM position').get()
    if (position?.format === FORMAT) return database
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  database?.close()
  return undefined
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIB}`)
  return database
}

const ENTRY = 'entities.id, kind, ref, label, album, named, owner, plays, entities.words, place'

function prepared(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql)
  // FTS5 gives its own rows numbers beyond those of JavaScript, and the driver returns the last one after each change.
  const changing = (sql: string): StatementSync => {
    const statement = prepare(sql)
    statement.setReadBigInts(true)
    return statement
  }
  const textsOf = (kind: SearchKind) => ({
    add: changing(`INSERT INTO ${kind}_texts (rowid, words) VALUES (?, ?)`),
    remove: changing(`DELETE FROM ${kind}_texts WHERE rowid = ?`),
    find: prepare(
      `SELECT ${ENTRY}, found.rowid / ${STEP} AS step
       FROM ${kind}_texts AS found CROSS JOIN entities ON entities.id = found.rowid % ${STEP}
       WHERE ${kind}_texts MATCH ? ORDER BY found.rowid`,
    ),
  })
  return {
    position: prepare('SELECT dictionary, describedSeq, describedRecords, names, playsSeq FROM position'),
    move: changing('INSERT INTO position VALUES (?, ?, ?, ?, ?, ?)'),
    describe: changing(
      `INSERT INTO entities VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, '', NULL)
       ON CONFLICT (id) DO UPDATE SET label = excluded.label, album = excluded.album, named = excluded.named,
         owner = excluded.owner`,
    ),
    addPlays: prepare('UPDATE entities SET own = own + ?, plays = plays + ? WHERE id = ? RETURNING owner'),
    setPlays: prepare('UPDATE entities SET own = ?, plays = ? WHERE id = ? RETURNING owner'),
    settle: changing('UPDATE entities SET plays = ?, words = ?, place = ? WHERE id = ?'),
    entry: prepare(`SELECT ${ENTRY} FROM entities WHERE id = ?`),
    withId: prepare(
      `SELECT ${ENTRY} FROM entities WHERE kind <> 'name' AND lower(ref) >= ? AND lower(ref) <= ? ORDER BY lower(ref) LIMIT ?`,
    ),
    sumsOfOwner: prepare(
      `SELECT coalesce(sum(own), 0) AS plays, count(*) AS keys FROM entities
       WHERE owner = ? AND kind IN ('artist', 'name', 'album')`,
    ),
    namesOfOwner: prepare(`SELECT ref FROM entities WHERE owner = ? AND kind = 'name'`),
    texts: { artist: textsOf('artist'), album: textsOf('album'), track: textsOf('track') },
  }
}
