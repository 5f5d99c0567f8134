/** The attacks by name, and running them one after the other, two at a time. */
import { type Attack, Attacker } from './attacker.ts'
import * as access from './attacks/access.ts'
import * as bodies from './attacks/bodies.ts'
import * as connections from './attacks/connections.ts'
import * as questions from './attacks/questions.ts'
import { pause } from './pause.ts'
import { oneOf, type Run } from './run.ts'

const ATTACKS: Record<string, Attack> = { ...access, ...bodies, ...connections, ...questions }

export const ATTACK_NAMES: readonly string[] = Object.keys(ATTACKS)

const AT_A_TIME = 2
/** No attack lasts longer. */
const LONGEST_MS = 10_000
const PAUSE_MS = 500

/** Each of these attacks once in random order, then again. */
export async function attack(run: Run, names: readonly string[]): Promise<void> {
  let left: string[] = []
  const work = async () => {
    while (!run.ending.aborted) {
      if (left.length === 0) left = [...names]
      const name = oneOf(left, run.random)
      left = left.filter(other => other !== name)
      await attackOnce(run, name)
      await pause(2 * PAUSE_MS * run.random.unit(), run.ending)
    }
  }
  if (names.length > 0) await Promise.all(Array.from({ length: AT_A_TIME }, work))
}

async function attackOnce(run: Run, name: string): Promise<void> {
  const attacker = new Attacker(run, name, AbortSignal.any([run.ending, AbortSignal.timeout(LONGEST_MS)]))
  try {
    await ATTACKS[name]!(attacker)
  } catch (error) {
    run.findings.add(`attack ${name} failed by itself`, (error as Error).stack)
  } finally {
    attacker.close()
  }
}
