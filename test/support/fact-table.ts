/** Facts, associations and feedback as plain lists, to compare figures with. It shares no code with the figures. */
import assert from 'node:assert/strict'
import type { Association, EventFacts, Fact, Figures, Snapshot } from '../../src/storage/figures.ts'
import { ref } from './ref.ts'

export type { Association }

/** A play of this key at the epoch. */
export const oneFact = (key: string): Fact => ({ instant: 0, measure: 'plays', counts: 1, key: ref(key), part: 0 })

/** Events in slices, as figures take them. */
export async function* inSlices(events: readonly EventFacts[], size = 500): AsyncGenerator<EventFacts[]> {
  for (let i = 0; i < events.length; i += size) yield events.slice(i, i + size)
}

/** Where figures are, and how many facts they have, in one state. */
export function counted(figures: Figures): Promise<{ seq: number; eventId: string | null; facts: number }> {
  return figures.ask(async reads => {
    const [row] = await reads.rows<{ facts: number }>('SELECT count(*) AS facts FROM facts')
    return { ...(await reads.checkpoint()), facts: row!.facts }
  })
}

interface Row {
  seq: number
  instant: number
  measure: string
  counts: number
  key: number
  part: number
  track: number | null
  album: number | null
  listener: number | null
  amount: number | null
  currency: string | null
}

/** What can't be written is read back as U+FFFD. */
const readable = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd')

export class FactTable {
  #events: EventFacts[] = []

  add(events: readonly EventFacts[]): void {
    this.#events.push(...events)
  }

  /** Compares the facts of the events after `after`, and all associations and feedback. */
  async check(figures: Figures, after: number): Promise<void> {
    await figures.ask(async reads => {
      assert.deepEqual(await factsIn(reads, after), this.#facts(reads, after))
      if (after > 0) return
      assert.deepEqual(await associationsIn(reads), this.#associations())
      assert.deepEqual(await feedbackIn(reads), this.#feedback(reads))
    })
  }

  #facts(reads: Snapshot, after: number): string[] {
    const events = this.#events.filter(({ seq }) => seq > after)
    return events
      .flatMap(({ seq, facts }) =>
        facts.map(({ instant, measure, counts, key, part, track, album, listener, amount, currency }) =>
          JSON.stringify([
            seq,
            instant,
            measure,
            counts,
            readable(key),
            part,
            track === undefined ? null : readable(track),
            album === undefined ? null : readable(album),
            listener === undefined ? null : (reads.listenerIdOf(listener) ?? 'unknown'),
            amount === undefined ? null : amount + 0,
            currency ?? null,
          ]),
        ),
      )
      .sort()
  }

  /** Of each event what it said, whether that was said before, and when its item was first said to be shown and clicked. */
  #feedback(reads: Snapshot): unknown[] {
    const firsts = new Map<string, number>()
    return this.#events.flatMap(({ seq, feedback }) => {
      if (!feedback) return []
      const { instant, deed, strategy, listener } = feedback
      const [answer, item] = [readable(feedback.answer), readable(feedback.item)]
      const key = (deed: string) => JSON.stringify([strategy, answer, item, deed])
      const again = firsts.has(key(deed))
      if (!again) firsts.set(key(deed), instant)
      return {
        seq,
        instant,
        deed,
        strategy,
        listener: listener === undefined ? null : (reads.listenerIdOf(listener) ?? 'unknown'),
        again,
        shown_at: firsts.get(key('shown')) ?? null,
        clicked_at: firsts.get(key('clicked')) ?? null,
        answer,
        item,
      }
    })
  }

  #associations(): Map<string, number> {
    const sums = new Map<string, number>()
    for (const { from, to } of this.#events.flatMap(({ associations }) => associations)) {
      const pair = JSON.stringify([readable(from), readable(to).split(':')[0], readable(to)])
      sums.set(pair, (sums.get(pair) ?? 0) + 1)
    }
    return new Map([...sums].sort())
  }
}

async function feedbackIn(reads: Snapshot): Promise<unknown[]> {
  const rows = await reads.rows<Record<string, number | string | boolean | null>>(
    `SELECT seq, instant, deed, strategy, answer, item, listener, again, shown_at, clicked_at FROM feedback
     ORDER BY seq`,
  )
  const entities = await reads.entitiesOf(rows.flatMap(({ answer, item }) => [answer as number, item as number]))
  return rows.map(({ answer, item, ...row }) => {
    return { ...row, answer: entities.get(answer as number), item: entities.get(item as number) }
  })
}

async function factsIn(reads: Snapshot, after: number): Promise<string[]> {
  const rows = await reads.rows<Row>('FROM facts WHERE seq > $after', { after })
  const ids = rows.flatMap(({ key, track, album }) => [key, track, album]).filter(id => id !== null)
  const entities = await reads.entitiesOf(ids)
  const entity = (id: number | null) => (id === null ? null : (entities.get(id) ?? 'unknown'))
  return rows
    .map(({ seq, instant, measure, counts, key, part, track, album, listener, amount, currency }) =>
      JSON.stringify([
        seq,
        instant,
        measure,
        counts,
        entity(key),
        part,
        entity(track),
        entity(album),
        listener,
        amount,
        currency,
      ]),
    )
    .sort()
}

async function associationsIn(reads: Snapshot): Promise<Map<string, number>> {
  const rows = await reads.rows<{ source: number; kind: string; target: number; events: number }>(
    'SELECT source, kind, target, sum(events)::BIGINT AS events FROM associations GROUP BY ALL',
  )
  const entities = await reads.entitiesOf(rows.flatMap(({ source, target }) => [source, target]))
  return new Map(
    rows
      .map(({ source, kind, target, events }): [string, number] => [
        JSON.stringify([entities.get(source), kind, entities.get(target)]),
        events,
      ])
      .sort(),
  )
}
