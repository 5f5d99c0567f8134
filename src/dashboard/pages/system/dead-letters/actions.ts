/** What can be done with dead letters: to send them again, repaired or as they are, and to delete them. */
import type { DeletedDeadLetters, ReplayReport } from '../../../../http/dead-letters.ts'
import { addressOf, change, RequestError, send } from '../../../requests/request.ts'
import { askLetters, LETTERS_PATH, type Letter } from './letters.ts'

/** Those that are chosen, or all of a reason; of every reason where it is null. */
export type Which = { letters: readonly Pick<Letter, 'id' | 'reason'>[] } | { reason: string | null }

export type Action =
  | { verb: 'replay' | 'delete'; which: Which }
  /** `text` is JSON that takes the place of the event. */
  | { verb: 'repair'; id: string; text: string }

export type Outcome = { replayed: ReplayReport } | { deleted: number }

interface Run {
  /** Ends the work after what is under way. */
  signal: AbortSignal
  /** How many letters are done, of how many. */
  onProgress: (done: number, total: number) => void
}

const REPLAY_PATH = `${LETTERS_PATH}/replay`
const LIST_ROWS = 100
/** The service lets one address replay so many times a minute only. */
const RATE_WAIT_MS = 5_000

/** @throws RequestError where the service refuses; what was done before stays done, and was told to `onProgress` */
export async function perform(action: Action, run: Run): Promise<Outcome> {
  if (action.verb === 'repair') return { replayed: await replayRepaired(action.id, action.text) }
  const { verb, which } = action
  if (verb === 'replay') return { replayed: await replay(which, run) }
  if ('letters' in which) return { deleted: await removeEach(which.letters, run) }
  return { deleted: await remove(which.reason === null ? { all: 'true' } : { reason: which.reason }) }
}

/** The service replays one letter or all; those of a reason are replayed one after the other. */
async function replay(which: Which, run: Run): Promise<ReplayReport> {
  if ('letters' in which) return replayEach(which.letters, run)
  if (which.reason === null) return change('POST', REPLAY_PATH)
  return replayEach(await allOf(which.reason, run.signal), run)
}

async function replayEach(letters: readonly Pick<Letter, 'id'>[], { signal, onProgress }: Run): Promise<ReplayReport> {
  const sum: ReplayReport = { replayed: 0, accepted: 0, duplicates: 0, rejected: 0, results: [] }
  for (const [done, { id }] of letters.entries()) {
    onProgress(done, letters.length)
    if (signal.aborted) break
    const report = await replayOne(id, signal)
    for (const count of ['replayed', 'accepted', 'duplicates', 'rejected'] as const) sum[count] += report?.[count] ?? 0
    sum.results.push(...(report?.results ?? []))
  }
  return sum
}

/** Undefined where the letter has gone meanwhile, or the work was ended. */
async function replayOne(id: string, signal: AbortSignal): Promise<ReplayReport | undefined> {
  while (!signal.aborted) {
    try {
      return await change<ReplayReport>('POST', REPLAY_PATH, { id })
    } catch (error) {
      const status = error instanceof RequestError ? error.status : undefined
      if (status === 404) return undefined
      if (status !== 429) throw error
      await new Promise(resolve => setTimeout(resolve, RATE_WAIT_MS))
    }
  }
  return undefined
}

/** The text is sent as it is, for numbers would lose digits if it was read and written. */
async function replayRepaired(id: string, text: string): Promise<ReplayReport> {
  const body = `{"id":${JSON.stringify(id)},"event":${text}}`
  return (await send(REPLAY_PATH, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).json()
}

/** With its reason too: a letter that has got another one since it was shown is not the one that was chosen. */
async function removeEach(letters: readonly Pick<Letter, 'id' | 'reason'>[], { onProgress }: Run): Promise<number> {
  let deleted = 0
  for (const [done, { id, reason }] of letters.entries()) {
    onProgress(done, letters.length)
    deleted += await remove({ id, reason })
  }
  return deleted
}

async function remove(query: Record<string, string>): Promise<number> {
  return (await change<DeletedDeadLetters>('DELETE', addressOf(LETTERS_PATH, query))).deleted
}

async function allOf(reason: string, signal: AbortSignal): Promise<Letter[]> {
  const letters: Letter[] = []
  let cursor: string | null = null
  do {
    const page = await askLetters({ reason, cursor, limit: LIST_ROWS }, signal)
    letters.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return letters
}
