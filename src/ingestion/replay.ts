/** Sends dead letters to the log again. */
import { UNPROJECTABLE } from '../attribution/credited-entry.ts'
import { type Fault, ServiceError, unavailable } from '../errors.ts'
import { cutFaults } from '../events/faults.ts'
import { type DeadLetter, type DeadLetters, type KeptLetter, LETTER_FAULT_BYTES } from './dead-letters.ts'
import { type ItemResult, MALFORMED_JSON, type RawEvent, rejection } from './raw-event.ts'

/** Letters that are replayed at a time. */
const REPLAY_PAGE = 100
/** Results that a report names at most: so many, and so many bytes of JSON. */
const MAX_RESULTS = 1000
const MAX_RESULT_BYTES = 2 ** 20

/** What the log has under an id: nothing, an event that the figures contain, or one that they can't. */
export type LoggedAs = 'nothing' | 'counted' | 'set aside'

/** The way to the log. */
export interface ReplayLog {
  /** As `Ingestion.receive`. */
  receive: (rawEvents: readonly RawEvent[]) => Promise<ItemResult[]>
  /** @throws StoreUnavailable */
  loggedAs: (id: string) => Promise<LoggedAs>
}

/**
 * Letters are sent under the ids that they have. A letter is removed once its event is in the log. One that is refused
 * stays, with the event that was received: with its new faults where that event was sent again, with its own where it was a
 * repair, whose faults are in the report.
 */
export class Replay {
  readonly #letters: DeadLetters
  readonly #log: ReplayLog

  constructor(letters: DeadLetters, log: ReplayLog) {
    this.#letters = letters
    this.#log = log
  }

  /**
   * Replays all letters. A letter that is kept again becomes the newest one, so that the walk from the newest to the oldest
   * ends. @throws ServiceError 503 where the store failed: what was accepted before stays so.
   */
  async all(): Promise<ReplayReport> {
    const report = new ReportBuilder()
    for await (const page of this.#letters.pages(REPLAY_PAGE)) report.add(await this.#sendAgain(page))
    return report.done()
  }

  /**
   * Replays one letter, or `event` in place of its own event. Idempotent: where the letter has gone and the log has its id,
   * that is a duplicate, or a conflict where `event` is another one.
   *
   * An event that was set aside is in the log, which never gives up an id: it is not sent again as it is, and its repair
   * gets the id `<id>:repaired`.
   * @throws ServiceError 404 `dead_letter_not_found`; 503 where the store failed
   */
  async one({ id, event }: { id: string; event?: unknown }): Promise<ReplayReport> {
    const letter = await this.#letters.find(id)
    const loggedAs = await this.#log.loggedAs(id)
    if (!letter && loggedAs === 'nothing') {
      throw new ServiceError(404, 'dead_letter_not_found', `no dead letter has the id ${id}`)
    }
    const letters = letter ? [letter] : []
    const report = new ReportBuilder()
    if (event !== undefined) {
      // What the log says decides: after an event that was set aside is sent again, its letter has the new fault alone.
      const repairedId = loggedAs === 'set aside' ? `${id}:repaired` : id
      report.add(await this.#send(letters, [{ value: event, letter: { id: repairedId } }]))
    } else report.add(letter ? await this.#sendAgain(letters) : [{ id, status: 'duplicate' }])
    return report.done()
  }

  /** Sends letters as they are, and keeps those that are refused for other reasons than before with the new ones. */
  async #sendAgain(letters: readonly KeptLetter[]): Promise<ItemResult[]> {
    const sent = letters.filter(isSendable)
    const results = sent.length > 0 ? await this.#send(sent, sent.map(rawEventOf)) : []
    await this.#letters.keep(sent.flatMap((letter, i) => withNewFaults(letter, results[i]!)))
    return [...results, ...letters.filter(letter => !isSendable(letter)).map(unsentResult)]
  }

  /** Sends events, and removes the letters of those that are in the log. */
  async #send(letters: readonly KeptLetter[], rawEvents: readonly RawEvent[]): Promise<ItemResult[]> {
    const results = await this.#log.receive(rawEvents)
    await this.#letters.removeThese(letters.filter((_, i) => isLogged(results[i]!)))
    if (results.some(({ status }) => status === 'unavailable')) throw unavailable('the store is not available')
    return results
  }
}

const isLogged = ({ status }: ItemResult): boolean => status === 'accepted' || status === 'duplicate'

/** Not what was set aside, which is in the log, and not what was cut, of which the rest is missing. */
const isSendable = ({ cut, faults }: DeadLetter): boolean => !cut && faults[0]?.code !== UNPROJECTABLE

function rawEventOf({ id, event, faults }: DeadLetter): RawEvent {
  const letter = { id }
  return faults[0]?.code === MALFORMED_JSON ? { malformed: String(event), letter } : { value: event, letter }
}

/** The letter as it is to be kept; nothing where it is in the log, or refused for the reasons that it has. */
function withNewFaults(letter: KeptLetter, { faults }: ItemResult): DeadLetter[] {
  if (faults === undefined) return []
  const newFaults = cutFaults(faults, LETTER_FAULT_BYTES)
  return JSON.stringify(newFaults) === JSON.stringify(letter.faults) ? [] : [{ ...letter, faults: newFaults }]
}

const EVENT_CUT: Fault = {
  path: '',
  code: 'event_cut',
  message:
    'the event is too long to be kept, and only its beginning is here: send it again, or replay it with its event',
}

function unsentResult({ id, cut, faults }: DeadLetter): ItemResult {
  return rejection(id, cut ? [EVENT_CUT] : (faults as [Fault, ...Fault[]]))
}

export interface ReplayReport {
  replayed: number
  accepted: number
  duplicates: number
  /** Rejected again, or in conflict with another event: these letters stay as they were received. */
  rejected: number
  /** Of the first letters: 1000 at most, and a megabyte. */
  results: ItemResult[]
  /** There are more results than are named. */
  cut?: true
}

class ReportBuilder {
  readonly #report: ReplayReport = { replayed: 0, accepted: 0, duplicates: 0, rejected: 0, results: [] }
  #bytesLeft = MAX_RESULT_BYTES

  add(results: readonly ItemResult[]): void {
    const report = this.#report
    const logged = results.filter(isLogged)
    const accepted = logged.filter(({ status }) => status === 'accepted').length
    report.replayed += results.length
    report.accepted += accepted
    report.duplicates += logged.length - accepted
    report.rejected += results.length - logged.length
    for (const result of results) if (!report.cut) this.#name(result)
  }

  done(): ReplayReport {
    return this.#report
  }

  #name(result: ItemResult): void {
    const named = result.faults ? { ...result, faults: cutFaults(result.faults, LETTER_FAULT_BYTES) } : result
    this.#bytesLeft -= Buffer.byteLength(JSON.stringify(named))
    if (this.#report.results.length < MAX_RESULTS && this.#bytesLeft >= 0) this.#report.results.push(named)
    else this.#report.cut = true
  }
}
