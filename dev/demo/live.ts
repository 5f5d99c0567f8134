/** The audience of the present: an event every few seconds, more in the evening, until it is told to stop. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '../replay/client.ts'
import { hoursAt } from './rhythm.ts'
import type { Simulation } from './simulation.ts'

/** On average of a day. */
const PLAYS_PER_SECOND = 0.4

/** Resolves once `stopping`, which ends the calls of the client too, is aborted. @throws Error where the service refuses, or can't be reached for long */
export async function playLive(
  simulation: Simulation,
  client: Client,
  clock: () => number,
  stopping: AbortSignal,
): Promise<void> {
  try {
    for (;;) await playNext(simulation, client, clock, stopping)
  } catch (error) {
    if (!stopping.aborted) throw error
  }
}

async function playNext(simulation: Simulation, client: Client, clock: () => number, signal: AbortSignal) {
  const now = clock()
  const events = simulation.present(now).map(({ payload }) => payload)
  await client.post('/api/stats/events/batch', events)
  const hours = hoursAt(now)
  const activity = hours.reduce((sum, hour) => sum + hour.activity, 0) / hours.length
  // Waits between events that know nothing of one another are distributed like that.
  const seconds = -Math.log(1 - Math.random()) / (PLAYS_PER_SECOND * activity)
  await wait(seconds * 1000, undefined, { signal })
}
