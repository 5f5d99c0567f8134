/**
 * Answers about intervals of time that are kept and still exact: each is used again only while no fact of its interval has
 * been added, and no attribution has changed, since it was computed. So a late event makes the week it belongs to new.
 */
import { LRUCache } from 'lru-cache'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval, Seq } from '../storage/storage.ts'

export interface ExactAnswersOptions<Answer> {
  /** Bytes of all answers together; the least recently used are dropped first. */
  maxBytes: number
  /** About how many bytes an answer takes, at least 1. */
  bytesOf: (answer: Answer) => number
  /** The answers do not depend on attribution, so that they stay right where it changes. */
  isUnattributed?: true
}

/** One state of the figures. Facts are only ever added, so that a later state has all facts up to `seq` and further ones. */
interface State {
  seq: Seq
  /** Another one where the figures were begun anew: entities then have other numbers. */
  dictionary: string
  /** The number of rows of `attribution`, and a hash over all of them. */
  attribution: string
}

interface Kept<Answer> {
  answer: Answer
  /** The last state in which the answer is known to be right. */
  state: State
}

export class ExactAnswers<Answer extends object> {
  readonly #kept: LRUCache<string, Kept<Answer>>
  readonly #isAttributed: boolean

  constructor({ maxBytes, bytesOf, isUnattributed }: ExactAnswersOptions<Answer>) {
    this.#isAttributed = isUnattributed !== true
    this.#kept = new LRUCache<string, Kept<Answer>>({
      maxSize: maxBytes,
      sizeCalculation: ({ answer }, key) => key.length + bytesOf(answer),
    })
  }

  /**
   * The answers to one question about each of the intervals, in their order. What is kept and still right is not computed;
   * `compute` gives the others, in the order that it gets them in, several at a time. Each is kept at once, so that a question
   * that ends before its last answer finds the first ones the next time. An answer must be a function of the
   * facts in its interval and of their attribution alone, thus neither of names nor of the catalogue, and nobody changes it.
   */
  async get(
    reads: Snapshot,
    question: string,
    intervals: readonly Interval[],
    compute: (missing: readonly Interval[]) => AsyncIterable<readonly Answer[]>,
  ): Promise<Answer[]> {
    const state = await stateOf(reads)
    const asked = intervals.map(({ from, to }) => ({ from, to, key: `${question} ${from} ${to}` }))
    const found = new Map<string, Answer>()
    const keep = (key: string, answer: Answer) => {
      found.set(key, answer)
      this.#kept.set(key, { answer, state })
    }
    for (const [key, answer] of await this.#stillRight(reads, state, asked)) keep(key, answer)
    const missing = asked.filter(({ key }) => !found.has(key))
    if (missing.length > 0) {
      const next = missing.values()
      for await (const answers of compute(missing.map(({ from, to }) => ({ from, to })))) {
        for (const answer of answers) keep(next.next().value!.key, answer)
      }
    }
    return asked.map(({ key }) => found.get(key)!)
  }

  /** The kept answers to what is asked that are right in this state, by their keys. */
  async #stillRight(reads: Snapshot, state: State, asked: readonly Asked[]): Promise<Map<string, Answer>> {
    const candidates = asked.flatMap(({ from, to, key }) => {
      const kept = this.#kept.get(key)
      return kept && this.#canBeRight(kept.state, state)
        ? [{ from, to, key, seq: kept.state.seq, answer: kept.answer }]
        : []
    })
    const outdated = await withNewFacts(reads, state, candidates)
    return new Map(candidates.filter((_, i) => !outdated.has(i)).map(({ key, answer }) => [key, answer]))
  }

  /** A question that began earlier may see an older state than that of an answer that is kept meanwhile. */
  #canBeRight(then: State, now: State): boolean {
    const isSameAttribution = !this.#isAttributed || then.attribution === now.attribution
    return then.dictionary === now.dictionary && isSameAttribution && then.seq <= now.seq
  }
}

interface Asked extends Interval {
  key: string
}

/** The hash says whether the table is the same: it is that of its rows, in whatever order. */
async function stateOf(reads: Snapshot): Promise<State> {
  const [state] = await reads.rows<State>(
    `SELECT seq, dictionary, attribution
     FROM checkpoint, (SELECT count(*) || ' ' || coalesce(bit_xor(hash(key, owner)), 0) AS attribution FROM attribution)`,
  )
  return state!
}

/** The places of the intervals with facts that were added after `seq`. Few row groups have such facts, others are skipped. */
async function withNewFacts(
  reads: Snapshot,
  state: State,
  intervals: readonly (Interval & { seq: Seq })[],
): Promise<Set<number>> {
  const oldest = Math.min(...intervals.map(({ seq }) => seq))
  if (intervals.length === 0 || oldest === state.seq) return new Set()
  const rows = await reads.rows<{ place: number }>(
    `WITH asked AS (
       SELECT unnest($froms::BIGINT[]) AS "from", unnest($tos::BIGINT[]) AS "to", unnest($seqs::BIGINT[]) AS seq,
         unnest(range(len($seqs::BIGINT[]))) AS place
     )
     SELECT DISTINCT place
     FROM asked JOIN (
       SELECT seq, instant FROM facts WHERE seq > $oldest AND instant >= $first AND instant < $last
     ) AS added ON added.instant >= "from" AND added.instant < "to" AND added.seq > asked.seq`,
    {
      oldest,
      first: finite(Math.min(...intervals.map(({ from }) => from))),
      last: finite(Math.max(...intervals.map(({ to }) => to))),
      froms: JSON.stringify(intervals.map(({ from }) => finite(from))),
      tos: JSON.stringify(intervals.map(({ to }) => finite(to))),
      seqs: JSON.stringify(intervals.map(({ seq }) => seq)),
    },
  )
  return new Set(rows.map(({ place }) => place))
}

/** An open end becomes an integer beyond all instants. */
const finite = (instant: Instant): number =>
  Math.min(Math.max(instant, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
