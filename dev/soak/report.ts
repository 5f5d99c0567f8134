/** The figures of a soak as a table of plain text. */
import type { Counter } from './counter.ts'
import type { Findings } from './findings.ts'
import type { LedgerComparison } from './ledger.ts'
import { type MemoryWatch, type Sample, slope } from './memory.ts'
import type { Senders } from './senders.ts'
import type { Verified } from './verdict.ts'

export interface Soaked {
  seed: number
  minutes: number
  isClockMovable: boolean
  requests: Counter
  faults: Counter
  attacks: Counter
  mails: Counter
  senders: Senders
  comparison: LedgerComparison
  verified: Verified
  memory: MemoryWatch
  findings: Findings
}

const whole = (value: number): string => value.toLocaleString('en')

/** One line for each figure. */
export function report(soaked: Soaked): string {
  const { requests, faults, attacks, mails, comparison, verified, findings } = soaked
  const { ledger, plays, longestWaitMs } = soaked.senders
  const rows: [string, string][] = [
    ['load', `${soaked.minutes} minutes, seed ${soaked.seed}`],
    ['requests', `${whole(requests.total)} of honest clients: ${requests}`],
    ['faults', `${whole(faults.total)}: ${faults}`],
    ['attacks', `${whole(attacks.total)} requests: ${attacks}`],
    ['clock', soaked.isClockMovable ? `${faults.of('clock jump')} jumps` : 'not jumped (faketime is not installed)'],
    ['events', `${whole(ledger.sent)} sent, ${whole(ledger.acknowledged)} acknowledged; ${eventsInLog(comparison)}`],
    ['by type', String(comparison.loggedByType)],
    ['lost', whole(comparison.lost.count)],
    ['doubled', whole(comparison.doubled.count)],
    ['foreign', whole(comparison.foreign.count)],
    ['changed', whole(comparison.changed.count)],
    ['longest wait', `${(longestWaitMs / 1000).toFixed(1)} s from sending an event to its acknowledgement`],
    ['reads', `${whole(plays.compared)} compared, ${whole(plays.skipped)} skipped as the figures had not caught up`],
    ['mails', `${whole(mails.total)} taken by the mail server`],
    ['set aside', `${whole(verified.setAside)} events`],
    ['verify', `${verified.isClean ? 'no difference' : 'DIFFERENCES'} (${verified.seconds.toFixed(1)} s)`],
    ['memory', memoryText(soaked.memory)],
    ['findings', whole(findings.count)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  return [...table, ...findings.lines()].join('\n')
}

const eventsInLog = ({ events, hostile }: LedgerComparison): string =>
  `${whole(events)} in the log, ${whole(hostile)} of them of attacks`

/** A process that has just started fills its caches, so the second half says more of a leak than the whole. */
function memoryText({ maxMb, longest }: MemoryWatch): string {
  const half = longest.slice(longest.length / 2)
  const text = (samples: readonly Sample[]) => {
    const mb = slope(samples)
    return mb === undefined ? 'unknown' : `${mb >= 0 ? '+' : ''}${mb.toFixed(1)} MB/minute`
  }
  return `${maxMb.toFixed(0)} MB at most; ${text(longest)} over ${longest.length} s without a kill, ${text(half)} in their second half`
}
