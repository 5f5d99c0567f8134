/** What all parts of a soak share. */
import type { Random } from '../../bench/random.ts'
import type { Counter } from './counter.ts'
import type { Findings } from './findings.ts'
import type { Supervisor } from './supervisor.ts'

export interface Run {
  supervisor: Supervisor
  findings: Findings
  /** Of honest clients, by what became of them. */
  requests: Counter
  /** What was done to the service and its neighbours, by kind. */
  faults: Counter
  random: Random
  /** Requests of attacks, by the name of the attack. */
  attacks: Counter
  /** Ends all parts. */
  ending: AbortSignal
}

/** The keys that the service knows. Each client has one, so that the rate limit of one is none of another. */
export const KEYS = {
  honest: Array.from({ length: 8 }, (_, i) => `soak-honest-ingest-key-${i}`),
  hostile: 'soak-hostile-ingest-key',
  admin: 'soak-admin-key-of-an-operator',
}

export const oneOf = <T>(items: readonly T[], random: Random): T => items[random.below(items.length)]!
