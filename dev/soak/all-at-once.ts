/** Everything that a soak does to the service, at the same time. */
import { ATTACK_NAMES, attack } from './attacks.ts'
import type { Clock } from './clock.ts'
import { HonestClient } from './honest-client.ts'
import { kill } from './kills.ts'
import type { Neighbours } from './neighbours.ts'
import { ask } from './questions.ts'
import { KEYS, type Run } from './run.ts'
import type { Senders } from './senders.ts'

/** What can be left out. */
export const NAMES: readonly string[] = ['kills', 'clock', 'catalogue', 'mail', ...ATTACK_NAMES]

export interface Around {
  senders: Senders
  neighbours: Neighbours
  clock: Clock
  /** No kills after it. */
  quiet: AbortSignal
}

/** Until the end of the run, without those names. */
export async function doAllAtOnce(
  run: Run,
  { senders, neighbours, clock, quiet }: Around,
  without: readonly string[],
): Promise<void> {
  const isWanted = (name: string) => !without.includes(name)
  await Promise.all([
    senders.work(),
    senders.plays.readBack(run, new HonestClient(run, 5, KEYS.honest[5]!)),
    ask(run, new HonestClient(run, 6, KEYS.honest[6]!), 'anybody'),
    ask(run, new HonestClient(run, 7, KEYS.admin), 'operator'),
    attack(run, ATTACK_NAMES.filter(isWanted)),
    isWanted('kills') && kill(run, quiet),
    isWanted('clock') && clock.jump(run),
    isWanted('catalogue') && neighbours.spoilCatalogue(run),
    isWanted('mail') && neighbours.spoilMail(run),
  ])
}
