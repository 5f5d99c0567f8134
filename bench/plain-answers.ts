/** Baseline of the questions: their answers by SQL, from one plain table with the indexes that suit them best. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { artists, GROUP, orderedGroup } from './generate.ts'
import { type Filling, keptFolder } from './stores.ts'

const SCHEMA = `
  PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -2097152;
  CREATE TABLE plays (artist INTEGER NOT NULL, at INTEGER NOT NULL, listener TEXT, track TEXT NOT NULL)`
const INDEXES = `
  CREATE INDEX by_artist ON plays (artist, at, listener);
  CREATE INDEX by_time ON plays (at, track)`

export class PlainAnswers {
  #database: DatabaseSync
  #figures: StatementSync
  #days: StatementSync
  #trending: StatementSync

  private constructor(database: DatabaseSync) {
    this.#database = database
    this.#figures = database.prepare(
      'SELECT count(*), count(DISTINCT listener) FROM plays WHERE artist = ? AND at >= ? AND at < ?',
    )
    this.#days = database.prepare(`SELECT at / 86400000 AS day, count(*), count(DISTINCT listener) FROM plays
      WHERE artist = ? AND at >= ? AND at < ? GROUP BY day`)
    this.#trending = database.prepare(`SELECT track, count(*) AS plays FROM plays
      WHERE at >= ? AND at < ? GROUP BY track ORDER BY plays DESC LIMIT 10`)
  }

  /** The plays of a filled store; made once. */
  static open(filling: Filling): PlainAnswers {
    const file = join(keptFolder('answers', filling), 'plays.db')
    if (!existsSync(file)) {
      const unfinished = `${file}.unfinished`
      rmSync(unfinished, { force: true })
      fill(unfinished, file, filling)
    }
    return new PlainAnswers(new DatabaseSync(file, { readOnly: true }))
  }

  /** Milliseconds that each question takes, in ascending order. */
  time(question: 'figures' | 'days' | 'trending', parameters: readonly (readonly number[])[]): number[] {
    const statement = { figures: this.#figures, days: this.#days, trending: this.#trending }[question]
    return parameters
      .map(values => {
        const begun = performance.now()
        statement.all(...values)
        return performance.now() - begun
      })
      .sort((a, b) => a - b)
  }

  close(): void {
    this.#database.close()
  }
}

function fill(unfinished: string, file: string, { perYear, stored }: Filling): void {
  const database = new DatabaseSync(unfinished)
  database.exec(SCHEMA)
  const insert = database.prepare('INSERT INTO plays (artist, at, listener, track) VALUES (?, ?, ?, ?)')
  const ranks = new Map(artists.map(({ name }, rank) => [name, rank]))
  for (let group = 0; group * GROUP < stored; group++) {
    database.exec('BEGIN')
    for (const { eventType, timestamp, userId, entityId, metadata } of orderedGroup(group, { perYear })) {
      if (eventType !== 'track.played') continue
      const { artist, albumId } = metadata as { artist: string; albumId: string }
      insert.run(ranks.get(artist)!, Date.parse(timestamp), userId, `${albumId}_${entityId}`)
    }
    database.exec('COMMIT')
  }
  database.exec(INDEXES)
  database.close()
  renameSync(unfinished, file)
}
